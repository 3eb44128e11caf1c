/**
 * The Lambda functions, one class each, and what they share.
 *
 * <p>A batch passes through {@link PlanBatch}, the states of each job, and {@link BuildManifest}. A job passes through {@link
 * SubmitJob}, {@link AwaitWebhook} or waits and {@link CheckJob}, and {@link DownloadOutput}; {@link RecordFailure} ends a
 * job whose step broke. Each of these classes has the name of its state in {@code statemachine/batch.asl.json}.
 *
 * <p>Events start {@link StartBatch}, {@link GetBatch}, {@link ReceiveWebhook}, {@link SendNotification} and {@link
 * Reconcile}. The other classes are helpers of these.
 */
@NullMarked
package io.reelbatch.handlers;

import org.jspecify.annotations.NullMarked;
