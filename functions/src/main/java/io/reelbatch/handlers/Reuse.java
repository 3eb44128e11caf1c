package io.reelbatch.handlers;

import io.reelbatch.domain.job.BatchRecord;
import io.reelbatch.domain.job.JobRecord;
import io.reelbatch.domain.job.RequestHash;
import io.reelbatch.domain.job.ReusableOutput;
import io.reelbatch.domain.job.StoredOutput;
import io.reelbatch.domain.store.BatchFolder;
import io.reelbatch.domain.store.Fact;
import io.reelbatch.domain.store.FactKey;
import java.io.IOException;
import java.io.InputStream;
import java.security.DigestInputStream;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.HexFormat;
import java.util.List;
import java.util.Optional;

/** Index of outputs that were already paid for, by request. */
final class Reuse {
    /** An output that nobody asked for again in a year is paid for anew. */
    private static final Duration KEPT = Duration.ofDays(365);

    private final Parts parts;
    private final Sources sources;

    Reuse(Parts parts) {
        this.parts = parts;
        this.sources = new Sources(parts);
    }

    /** Outputs that were copied into the job's place. */
    record Copied(String fromBatch, List<StoredOutput> files) {}

    private FactKey key(BatchRecord batch, JobRecord job) {
        String account = parts.provider().apply(batch.settings().api()).account();
        return FactKey.ofAccount("reuse/" + RequestHash.of(account, sources.resolved(job.batchId(), job.plan())));
    }

    /** Remembers what a job stored, for batches to come. */
    void remember(BatchRecord batch, JobRecord job) {
        BatchFolder folder = new BatchFolder(batch.batchId());
        List<ReusableOutput.File> files = job.outputs().stream()
                .map(output -> new ReusableOutput.File(parts.objects().location(folder.visible(output.path())), output))
                .toList();
        ReusableOutput value = new ReusableOutput(batch.batchId(), files);
        Optional<Instant> expires = Optional.of(parts.clock().instant().plus(KEPT));
        FactKey key = key(batch, job);
        Fact next = parts.store()
                .fact(key)
                .map(known -> known.next(value, expires))
                .orElseGet(() -> Fact.first(key, value, expires));
        // Whoever was faster remembers the same request.
        parts.store().putFact(next);
    }

    /** Copies the outputs of an identical request, if there was one and its files are still what they were. */
    Optional<Copied> copy(BatchRecord batch, JobRecord job) {
        Optional<ReusableOutput> known = parts.store().fact(key(batch, job)).map(fact -> fact.as(ReusableOutput.class));
        if (known.isEmpty()) {
            return Optional.empty();
        }
        List<StoredOutput> copied = new ArrayList<>();
        for (ReusableOutput.File file : known.get().files()) {
            Optional<StoredOutput> copy = copy(batch, job, file, copied.size());
            if (copy.isEmpty()) {
                return Optional.empty();
            }
            copied.add(copy.get());
        }
        return Optional.of(new Copied(known.get().batchId(), copied));
    }

    private Optional<StoredOutput> copy(BatchRecord batch, JobRecord job, ReusableOutput.File file, int number) {
        StoredOutput original = file.output();
        String extension = original.path().substring(original.path().lastIndexOf('.'));
        String path = job.plan().basePath(number) + extension;
        String key = new BatchFolder(batch.batchId()).visible(path);
        try {
            if (parts.objects().adopt(file.location(), key)) {
                if (isWhole(key, original)) {
                    return Optional.of(
                            new StoredOutput(path, original.bytes(), original.sha256(), original.contentType()));
                }
                parts.objects().delete(key);
            }
        } catch (IOException e) {
            // What cannot be copied is generated.
            return Optional.empty();
        }
        return Optional.empty();
    }

    private boolean isWhole(String key, StoredOutput original) throws IOException {
        try (InputStream in = parts.objects().read(key);
                DigestInputStream digesting = new DigestInputStream(in, MessageDigest.getInstance("SHA-256"))) {
            long bytes = digesting.transferTo(java.io.OutputStream.nullOutputStream());
            String sha256 =
                    HexFormat.of().formatHex(digesting.getMessageDigest().digest());
            return bytes == original.bytes() && sha256.equals(original.sha256());
        } catch (NoSuchAlgorithmException e) {
            throw new IllegalStateException("every Java has SHA-256", e);
        }
    }
}
