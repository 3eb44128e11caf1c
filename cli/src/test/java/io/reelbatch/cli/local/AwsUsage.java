package io.reelbatch.cli.local;

import java.math.BigDecimal;
import java.util.Map;
import java.util.TreeMap;
import software.amazon.awssdk.core.SdkRequest;
import software.amazon.awssdk.core.interceptor.Context.AfterExecution;
import software.amazon.awssdk.core.interceptor.Context.ModifyRequest;
import software.amazon.awssdk.core.interceptor.ExecutionAttributes;
import software.amazon.awssdk.core.interceptor.ExecutionInterceptor;
import software.amazon.awssdk.core.interceptor.SdkExecutionAttribute;
import software.amazon.awssdk.services.dynamodb.model.ConsumedCapacity;
import software.amazon.awssdk.services.dynamodb.model.GetItemRequest;
import software.amazon.awssdk.services.dynamodb.model.GetItemResponse;
import software.amazon.awssdk.services.dynamodb.model.PutItemRequest;
import software.amazon.awssdk.services.dynamodb.model.PutItemResponse;
import software.amazon.awssdk.services.dynamodb.model.QueryRequest;
import software.amazon.awssdk.services.dynamodb.model.QueryResponse;
import software.amazon.awssdk.services.dynamodb.model.ReturnConsumedCapacity;
import software.amazon.awssdk.services.dynamodb.model.TransactWriteItemsRequest;
import software.amazon.awssdk.services.dynamodb.model.TransactWriteItemsResponse;
import software.amazon.awssdk.services.dynamodb.model.UpdateItemRequest;
import software.amazon.awssdk.services.dynamodb.model.UpdateItemResponse;

/** Counts what AWS bills: the request units that DynamoDB reports for each call, and requests to S3 by their price class. */
final class AwsUsage implements ExecutionInterceptor {
    static final String WRITE_UNITS = "DynamoDB write request units";
    static final String READ_UNITS = "DynamoDB read request units";
    static final String S3_WRITES = "S3 PUT, COPY, LIST requests";
    static final String S3_READS = "S3 GET, HEAD requests";

    private final Map<String, BigDecimal> counts = new TreeMap<>();

    synchronized void add(String what, BigDecimal more) {
        counts.merge(what, more, BigDecimal::add);
    }

    synchronized BigDecimal count(String what) {
        return counts.getOrDefault(what, BigDecimal.ZERO);
    }

    @Override
    public SdkRequest modifyRequest(ModifyRequest context, ExecutionAttributes attributes) {
        SdkRequest request = context.request();
        ReturnConsumedCapacity total = ReturnConsumedCapacity.TOTAL;
        if (request instanceof GetItemRequest get) {
            return get.toBuilder().returnConsumedCapacity(total).build();
        } else if (request instanceof PutItemRequest put) {
            return put.toBuilder().returnConsumedCapacity(total).build();
        } else if (request instanceof QueryRequest query) {
            return query.toBuilder().returnConsumedCapacity(total).build();
        } else if (request instanceof UpdateItemRequest update) {
            return update.toBuilder().returnConsumedCapacity(total).build();
        } else if (request instanceof TransactWriteItemsRequest transaction) {
            return transaction.toBuilder().returnConsumedCapacity(total).build();
        }
        return request;
    }

    @Override
    public void afterExecution(AfterExecution context, ExecutionAttributes attributes) {
        Object response = context.response();
        if (response instanceof GetItemResponse get) {
            add(READ_UNITS, units(get.consumedCapacity()));
        } else if (response instanceof QueryResponse query) {
            add(READ_UNITS, units(query.consumedCapacity()));
        } else if (response instanceof PutItemResponse put) {
            add(WRITE_UNITS, units(put.consumedCapacity()));
        } else if (response instanceof UpdateItemResponse update) {
            add(WRITE_UNITS, units(update.consumedCapacity()));
        } else if (response instanceof TransactWriteItemsResponse transaction) {
            transaction.consumedCapacity().forEach(each -> add(WRITE_UNITS, units(each)));
        } else {
            switch (attributes.getAttribute(SdkExecutionAttribute.OPERATION_NAME)) {
                case "GetObject", "HeadObject" -> add(S3_READS, BigDecimal.ONE);
                case "DeleteObject" -> add("S3 DELETE requests", BigDecimal.ONE);
                default -> add(S3_WRITES, BigDecimal.ONE);
            }
        }
    }

    private static BigDecimal units(ConsumedCapacity capacity) {
        return BigDecimal.valueOf(capacity.capacityUnits());
    }
}
