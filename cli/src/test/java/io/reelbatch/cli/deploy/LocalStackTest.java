package io.reelbatch.cli.deploy;

import static org.junit.jupiter.api.Assumptions.assumeTrue;

import java.io.IOException;
import java.nio.file.Path;
import java.util.Optional;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.testcontainers.DockerClientFactory;
import org.testcontainers.localstack.LocalStackContainer;

/** The {@link Rehearsal} once more, in LocalStack. Needs Docker; skipped without, and says so. */
class LocalStackTest {
    /** The last one that needs no token: from 4.15 on they do. */
    private static final String IMAGE = "localstack/localstack:4.14.0";

    @TempDir
    Path work;

    @Test
    void aBatchRunsInTheStackThatTheTemplateMakes() throws IOException, InterruptedException {
        assumeTrue(
                DockerClientFactory.instance().isDockerAvailable(),
                "there is no Docker here, which LocalStack runs in; RehearsalTest does the same in moto");
        try (LocalStackContainer stack = new LocalStackContainer(IMAGE)) {
            stack.start();
            try (Rehearsal rehearsal = Rehearsal.start(work, Optional.of(stack.getEndpoint()))) {
                rehearsal.play();
            }
        }
    }
}
