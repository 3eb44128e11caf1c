package io.reelbatch.cli.local;

import io.reelbatch.domain.pace.PaceStoreContract;
import io.reelbatch.domain.store.JobStore;
import java.nio.file.Path;
import org.junit.jupiter.api.io.TempDir;

class SqlitePaceTest extends PaceStoreContract {
    @TempDir
    Path folder;

    @Override
    protected JobStore openStore() {
        return new SqliteJobStore(folder.resolve("jobs.db"), folder.resolve("account.db"));
    }
}
