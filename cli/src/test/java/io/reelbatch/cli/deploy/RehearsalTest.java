package io.reelbatch.cli.deploy;

import java.io.IOException;
import java.nio.file.Path;
import java.util.Optional;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** A {@link Rehearsal} in moto, which needs no Docker. */
class RehearsalTest {
    @TempDir
    Path work;

    @Test
    void aBatchRunsInTheStackThatTheTemplateMakes() throws IOException, InterruptedException {
        try (Rehearsal rehearsal = Rehearsal.start(work, Optional.empty())) {
            rehearsal.play();
        }
    }
}
