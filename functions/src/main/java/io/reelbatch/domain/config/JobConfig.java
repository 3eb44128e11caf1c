package io.reelbatch.domain.config;

import com.fasterxml.jackson.databind.node.ObjectNode;
import io.reelbatch.domain.plan.JobType;
import java.time.Duration;
import java.util.List;
import java.util.Optional;

/**
 * One job as its user wants it, the batch's defaults included. An absent value was not given.
 *
 * @param index position in the config, from 0
 * @param name any Unicode, not blank
 * @param width pixels
 * @param height pixels
 * @param duration seconds of video
 * @param resolution such as {@code 720p}
 * @param id the user's own identifier
 * @param params the model's own parameters, passed on as they are; not to be changed
 * @param images input images, usually none or one
 * @param lastImage the image to end on
 * @param variations how many takes to make of it
 * @param retries new attempts after a generation that the provider reports as failed
 * @param timeout how long to wait for a generation once it was accepted
 * @param maxQueueWait how long the job may be throttled
 * @param lines where all this stands
 */
public record JobConfig(
        int index,
        String name,
        JobType type,
        String model,
        String prompt,
        Optional<Integer> width,
        Optional<Integer> height,
        Optional<Integer> duration,
        Optional<String> resolution,
        Optional<String> id,
        ObjectNode params,
        List<InputRef> images,
        Optional<InputRef> lastImage,
        Optional<Integer> variations,
        int retries,
        Duration timeout,
        Duration maxQueueWait,
        FieldLines lines) {
    public JobConfig {
        images = List.copyOf(images);
    }
}
