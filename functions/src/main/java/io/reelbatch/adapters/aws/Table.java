package io.reelbatch.adapters.aws;

import io.reelbatch.domain.store.JobStore.Spend;
import io.reelbatch.domain.store.JobStore.Written;
import io.reelbatch.errors.StoreException;
import java.math.BigDecimal;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.RejectedExecutionException;
import java.util.function.Consumer;
import java.util.function.Supplier;
import software.amazon.awssdk.core.exception.SdkException;
import software.amazon.awssdk.services.dynamodb.DynamoDbClient;
import software.amazon.awssdk.services.dynamodb.model.AttributeValue;
import software.amazon.awssdk.services.dynamodb.model.CancellationReason;
import software.amazon.awssdk.services.dynamodb.model.ConditionalCheckFailedException;
import software.amazon.awssdk.services.dynamodb.model.Put;
import software.amazon.awssdk.services.dynamodb.model.QueryResponse;
import software.amazon.awssdk.services.dynamodb.model.ResourceNotFoundException;
import software.amazon.awssdk.services.dynamodb.model.ReturnValue;
import software.amazon.awssdk.services.dynamodb.model.ReturnValuesOnConditionCheckFailure;
import software.amazon.awssdk.services.dynamodb.model.TransactWriteItem;
import software.amazon.awssdk.services.dynamodb.model.TransactionCanceledException;
import software.amazon.awssdk.services.dynamodb.model.TransactionConflictException;
import software.amazon.awssdk.services.dynamodb.model.Update;

/**
 * Calls to one table. A conditional write recognises its own earlier success when the SDK repeats it; failures become
 * readable messages.
 */
final class Table {
    private static final String IS_NEW = "attribute_not_exists(" + TableSchema.PK + ")";
    private static final String CONDITION_FAILED = "ConditionalCheckFailed";
    /** Somebody else is writing one of the items at this moment, or is writing too much. */
    private static final Set<String> PASSING =
            Set.of("TransactionConflict", "ThrottlingError", "ProvisionedThroughputExceeded", "RequestLimitExceeded");

    private final DynamoDbClient client;
    private final String name;

    Table(DynamoDbClient client, String name) {
        this.client = client;
        this.name = name;
    }

    /** Names a record for a message. */
    String where(String what) {
        return what + " in table " + name;
    }

    Optional<Map<String, AttributeValue>> get(String what, Map<String, AttributeValue> key) {
        return Optional.of(call(
                                what,
                                () -> client.getItem(request ->
                                        request.tableName(name).key(key).consistentRead(true)))
                        .item())
                .filter(item -> !item.isEmpty());
    }

    /** Writes one item if its condition holds; whether it was written. */
    boolean put(String what, Put.Builder draft) {
        Put put = draft.tableName(name).build();
        return Patience.untilSettled(() -> tryPut(what, put), () -> contended(what));
    }

    private Optional<Boolean> tryPut(String what, Put put) {
        return call(what, () -> {
            try {
                client.putItem(request -> request.tableName(name)
                        .item(put.item())
                        .conditionExpression(put.conditionExpression())
                        .expressionAttributeValues(
                                put.hasExpressionAttributeValues() ? put.expressionAttributeValues() : null)
                        .returnValuesOnConditionCheckFailure(ReturnValuesOnConditionCheckFailure.ALL_OLD));
                return Optional.of(true);
            } catch (ConditionalCheckFailedException e) {
                return Optional.of(isOwn(put, e.hasItem() ? e.item() : Map.of()));
            } catch (TransactionConflictException e) {
                return Optional.empty();
            }
        });
    }

    /** Changes one item if its condition holds; gives what it was before, or nothing if it does not hold. */
    Optional<Map<String, AttributeValue>> update(String what, Update.Builder draft) {
        Update update = draft.tableName(name).build();
        return call(what, () -> {
            try {
                return Optional.of(client.updateItem(request -> request.tableName(name)
                                .key(update.key())
                                .updateExpression(update.updateExpression())
                                .conditionExpression(update.conditionExpression())
                                .expressionAttributeValues(update.expressionAttributeValues())
                                .returnValues(ReturnValue.ALL_OLD))
                        .attributes());
            } catch (ConditionalCheckFailedException e) {
                return Optional.empty();
            }
        });
    }

    /** Writes one item and changes a total in one transaction, if the item's condition and the limit hold. */
    Written putAndSpend(String what, Put.Builder draft, Map<String, AttributeValue> totalKey, Spend spend) {
        Put put = draft.tableName(name)
                .returnValuesOnConditionCheckFailure(ReturnValuesOnConditionCheckFailure.ALL_OLD)
                .build();
        TransactWriteItem update =
                TransactWriteItem.builder().update(spending(totalKey, spend)).build();
        return Patience.untilSettled(() -> tryTransaction(what, put, update), () -> contended(what));
    }

    /** Writes one item if its condition holds, and with it another that has nothing but its key. */
    boolean putBoth(String what, Put.Builder draft, Map<String, AttributeValue> also) {
        return putWith(what, draft, item -> item.put(put -> put.tableName(name).item(also)));
    }

    /** Writes one item if its condition holds, and removes another with it. */
    boolean putAndDelete(String what, Put.Builder draft, Map<String, AttributeValue> other) {
        return putWith(
                what,
                draft,
                item -> item.delete(delete -> delete.tableName(name).key(other)));
    }

    private boolean putWith(String what, Put.Builder draft, Consumer<TransactWriteItem.Builder> second) {
        Put put = draft.tableName(name)
                .returnValuesOnConditionCheckFailure(ReturnValuesOnConditionCheckFailure.ALL_OLD)
                .build();
        TransactWriteItem other =
                TransactWriteItem.builder().applyMutation(second).build();
        return Written.DONE == Patience.untilSettled(() -> tryTransaction(what, put, other), () -> contended(what));
    }

    private Update spending(Map<String, AttributeValue> totalKey, Spend spend) {
        Map<String, AttributeValue> values = new HashMap<>();
        values.put(":amount", Items.number(spend.amount()));
        Update.Builder update = Update.builder()
                .tableName(name)
                .key(totalKey)
                .updateExpression("ADD " + TableSchema.COMMITTED + " :amount");
        if (spend.amount().signum() > 0 && spend.limit().isPresent()) {
            BigDecimal room = spend.limit().get().subtract(spend.amount());
            values.put(":room", Items.number(room));
            // Without a total nothing is spent yet, so only the amount itself may be too much.
            update.conditionExpression(TableSchema.COMMITTED + " <= :room"
                    + (room.signum() < 0 ? "" : " OR attribute_not_exists(" + TableSchema.COMMITTED + ")"));
        }
        return update.expressionAttributeValues(values).build();
    }

    private Optional<Written> tryTransaction(String what, Put put, TransactWriteItem second) {
        return call(what, () -> {
            try {
                // The SDK adds a token, with which its own retries of a transaction that was done succeed.
                client.transactWriteItems(request -> request.transactItems(
                        TransactWriteItem.builder().put(put).build(), second));
                return Optional.of(Written.DONE);
            } catch (TransactionCanceledException e) {
                return outcome(put, e);
            }
        });
    }

    private static Optional<Written> outcome(Put put, TransactionCanceledException e) {
        List<CancellationReason> reasons = e.cancellationReasons();
        if (CONDITION_FAILED.equals(reasons.get(0).code())) {
            return Optional.of(isOwn(put, reasons.get(0).item()) ? Written.DONE : Written.STALE);
        }
        if (reasons.stream().anyMatch(reason -> PASSING.contains(reason.code()))) {
            return Optional.empty();
        }
        if (CONDITION_FAILED.equals(reasons.get(1).code())) {
            return Optional.of(Written.OVER_BUDGET);
        }
        throw e;
    }

    /** Whether the item that stands in the way is the one this write has put there, in an attempt whose answer was lost. */
    private static boolean isOwn(Put put, Map<String, AttributeValue> found) {
        return Items.attribute(put.item(), TableSchema.WRITE_ID).equals(found.get(TableSchema.WRITE_ID));
    }

    /** The last items of a partition, last first. */
    List<Map<String, AttributeValue>> last(String what, String pk, int items) {
        return call(
                what,
                () -> client.query(request -> request.tableName(name)
                                .keyConditionExpression(TableSchema.PK + " = :pk")
                                .expressionAttributeValues(Map.of(":pk", Items.text(pk)))
                                .consistentRead(true)
                                .scanIndexForward(false)
                                .limit(items))
                        .items());
    }

    QueryResponse page(String what, String pk, Map<String, AttributeValue> from, int items) {
        return call(
                what,
                () -> client.query(request -> request.tableName(name)
                        .keyConditionExpression(TableSchema.PK + " = :pk")
                        .expressionAttributeValues(Map.of(":pk", Items.text(pk)))
                        .consistentRead(true)
                        .limit(items)
                        .exclusiveStartKey(from.isEmpty() ? null : from)));
    }

    /** Writes an item unless its key exists. Returns whether it was written. */
    boolean putNew(String what, Map<String, AttributeValue> item) {
        return put(what, newItem(item));
    }

    /** Writes up to 100 items if there is none of any of their keys; false when there is one, and then nothing is written. */
    boolean putAllNew(String what, List<Map<String, AttributeValue>> items) {
        List<TransactWriteItem> puts = items.stream()
                .map(item -> TransactWriteItem.builder()
                        .put(newItem(item).tableName(name).build())
                        .build())
                .toList();
        return Patience.untilSettled(() -> tryAll(what, puts), () -> contended(what));
    }

    /** A write that fails if the item's key exists. */
    static Put.Builder newItem(Map<String, AttributeValue> item) {
        return Put.builder().item(item).conditionExpression(IS_NEW);
    }

    private Optional<Boolean> tryAll(String what, List<TransactWriteItem> puts) {
        return call(what, () -> {
            try {
                client.transactWriteItems(request -> request.transactItems(puts));
                return Optional.of(true);
            } catch (TransactionCanceledException e) {
                List<String> codes = e.cancellationReasons().stream()
                        .map(CancellationReason::code)
                        .toList();
                if (codes.contains(CONDITION_FAILED)) {
                    return Optional.of(false);
                } else if (codes.stream().anyMatch(PASSING::contains)) {
                    return Optional.empty();
                }
                throw e;
            }
        });
    }

    StoreException contended(String what) {
        return new StoreException("cannot " + what + ": table " + name
                + " kept refusing because others write the same items, or too much; run fewer workers at once");
    }

    private <T> T call(String what, Supplier<T> call) {
        try {
            return call.get();
        } catch (ResourceNotFoundException e) {
            throw new StoreException(
                    "cannot " + what + ": there is no table " + name
                            + " in this account and region; deploy the stack, or set AWS_REGION to where it is",
                    e);
        } catch (SdkException | IllegalStateException | RejectedExecutionException e) {
            throw new StoreException("cannot " + what + " in table " + name + ": " + Advice.on(e), e);
        }
    }
}
