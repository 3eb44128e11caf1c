package io.reelbatch.handlers;

import com.fasterxml.jackson.databind.node.ObjectNode;
import io.reelbatch.adapters.provider.ProviderClient;
import io.reelbatch.domain.plan.InputImage;
import io.reelbatch.domain.plan.PlannedJob;
import io.reelbatch.domain.provider.Answer;
import io.reelbatch.domain.provider.ProviderError;
import io.reelbatch.domain.store.Fact;
import io.reelbatch.domain.store.FactKey;
import io.reelbatch.errors.StoreException;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.net.URI;
import java.nio.file.NoSuchFileException;
import java.security.DigestInputStream;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.time.Duration;
import java.time.Instant;
import java.util.HashMap;
import java.util.HexFormat;
import java.util.Map;
import java.util.Optional;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Uploads input images to the provider, each distinct one once per batch. The first job that needs an image uploads it;
 * others that need it meanwhile try again later. After a crash an image may be uploaded twice, which costs nothing.
 */
final class InputUploads {
    private static final Logger LOG = LoggerFactory.getLogger(InputUploads.class);
    /** The provider calls its addresses temporary and does not say for how long. */
    private static final Duration GOOD_FOR = Duration.ofHours(12);

    private static final Duration LONGEST = Duration.ofSeconds(50);
    /** Time kept at the end of the invocation for recording the upload. */
    private static final Duration MARGIN = Duration.ofSeconds(5);

    private final Parts parts;

    InputUploads(Parts parts) {
        this.parts = parts;
    }

    /** Whether the inputs of one job are ready. */
    sealed interface Outcome {
        /** All are uploaded; {@code body} is the request to send. */
        record Ready(ObjectNode body) implements Outcome {}

        /** Somebody else is uploading one. */
        record Busy() implements Outcome {}

        /** The provider or the network cannot now. */
        record NotNow(String message, Optional<Duration> retryAfter) implements Outcome {}

        /** The provider does not take one. */
        record Refused(ProviderError error) implements Outcome {}

        /** An input has changed since the batch was planned. */
        record Changed(String message) implements Outcome {}
    }

    /**
     * What is known of an upload.
     *
     * @param url where the image is, once it is uploaded
     * @param until the address is good until then or, where there is none, whoever uploads may still be at it
     */
    record Upload(Optional<String> url, Instant until) {}

    /**
     * Uploads what is missing.
     *
     * @param known by sha256, where the provider has an image already
     * @param left of the invocation's time
     */
    Outcome ready(String batchId, PlannedJob job, Map<String, String> known, ProviderClient client, Duration left) {
        Map<String, String> urls = new HashMap<>(known);
        for (InputImage image : job.inputs()) {
            if (urls.containsKey(image.sha256())) {
                continue;
            }
            Found found = find(batchId, image, client, left);
            if (found.missing().isPresent()) {
                return found.missing().get();
            }
            urls.put(image.sha256(), found.url());
        }
        return new Outcome.Ready(job.requestWith(image -> urls.getOrDefault(image.sha256(), image.marker())));
    }

    /** The address of an uploaded image, or the reason why there is none yet. */
    private record Found(String url, Optional<Outcome> missing) {
        static Found at(String url) {
            return new Found(url, Optional.empty());
        }

        static Found not(Outcome why) {
            return new Found("", Optional.of(why));
        }
    }

    private Found find(String batchId, InputImage image, ProviderClient client, Duration left) {
        FactKey key = new FactKey(batchId, "upload/" + image.sha256());
        Optional<Fact> known = parts.store().fact(key);
        Optional<Upload> upload =
                known.map(fact -> fact.as(Upload.class)).filter(found -> now().isBefore(found.until()));
        if (upload.isPresent()) {
            return upload.get().url().map(Found::at).orElseGet(() -> Found.not(new Outcome.Busy()));
        }
        Upload claim = new Upload(Optional.empty(), now().plus(left).plus(MARGIN));
        Fact claimed = known.map(fact -> fact.next(claim, expiry(claim)))
                .orElseGet(() -> Fact.first(key, claim, expiry(claim)));
        return parts.store().putFact(claimed)
                ? upload(claimed, image, client, shorter(LONGEST, left.minus(MARGIN)))
                : Found.not(new Outcome.Busy());
    }

    private Found upload(Fact claimed, InputImage image, ProviderClient client, Duration patience) {
        Answer<URI> answer;
        try (DigestInputStream in = new DigestInputStream(parts.objects().read(image.key()), sha256())) {
            answer = client.upload(name(image), image.contentType(), in, image.bytes(), patience);
            String sent = HexFormat.of().formatHex(in.getMessageDigest().digest());
            if (answer instanceof Answer.Ok<URI> && !sent.equals(image.sha256())) {
                return Found.not(changed(claimed, image));
            }
        } catch (NoSuchFileException e) {
            return Found.not(changed(claimed, image));
        } catch (IOException | UncheckedIOException e) {
            release(claimed);
            throw new StoreException("The input image " + image.key() + " cannot be read: " + e.getMessage(), e);
        }
        if (answer instanceof Answer.Ok<URI> ok) {
            return Found.at(keep(claimed, image, ok.value()));
        }
        release(claimed);
        return Found.not(failed(answer));
    }

    private String keep(Fact claimed, InputImage image, URI url) {
        Upload done = new Upload(Optional.of(url.toString()), now().plus(GOOD_FOR));
        parts.store().putFact(claimed.next(done, expiry(done)));
        LOG.atInfo()
                .setMessage("input uploaded")
                .addKeyValue("batch", claimed.key().scope())
                .addKeyValue("object", image.key())
                .addKeyValue("bytes", image.bytes())
                .log();
        return url.toString();
    }

    private static Outcome failed(Answer<URI> answer) {
        if (answer instanceof Answer.Refused<URI> refused) {
            return refused.error().kind().retryable()
                    ? new Outcome.NotNow(refused.error().describe(), Optional.empty())
                    : new Outcome.Refused(refused.error());
        }
        Answer.Unavailable<URI> unavailable = (Answer.Unavailable<URI>) answer;
        return new Outcome.NotNow(unavailable.message(), unavailable.retryAfter());
    }

    private Outcome changed(Fact claimed, InputImage image) {
        release(claimed);
        return new Outcome.Changed("Its input image " + image.key()
                + " is gone or not what it was when the batch was planned. Nothing was charged; start a new batch.");
    }

    private void release(Fact claimed) {
        parts.store().putFact(claimed.next(new Upload(Optional.empty(), Instant.EPOCH), claimed.expiresAt()));
    }

    private static Optional<Instant> expiry(Upload upload) {
        return Optional.of(upload.until().plus(Duration.ofDays(1)));
    }

    private Instant now() {
        return parts.clock().instant();
    }

    private static Duration shorter(Duration a, Duration b) {
        return a.compareTo(b) < 0 ? a : b;
    }

    private static String name(InputImage image) {
        return image.key().substring(image.key().lastIndexOf('/') + 1);
    }

    private static MessageDigest sha256() {
        try {
            return MessageDigest.getInstance("SHA-256");
        } catch (NoSuchAlgorithmException e) {
            throw new IllegalStateException("every Java has SHA-256", e);
        }
    }
}
