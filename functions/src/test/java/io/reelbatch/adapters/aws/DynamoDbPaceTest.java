package io.reelbatch.adapters.aws;

import io.reelbatch.domain.pace.PaceStoreContract;
import io.reelbatch.domain.store.JobStore;
import software.amazon.awssdk.services.dynamodb.DynamoDbClient;

@UsesDynamoDbLocal
class DynamoDbPaceTest extends PaceStoreContract {
    private static final String TABLE = "pace";

    private final Emulators emulators;

    DynamoDbPaceTest(Emulators emulators) {
        this.emulators = emulators;
    }

    @Override
    protected JobStore openStore() {
        DynamoDbClient client = emulators.clients().dynamoDb();
        TableSchema.createIfMissing(client, TABLE);
        return new DynamoDbJobStore(client, TABLE);
    }
}
