package io.reelbatch.handlers;

import io.reelbatch.adapters.provider.Downloader;
import io.reelbatch.domain.job.JobKey;
import io.reelbatch.domain.provider.Download;
import io.reelbatch.domain.store.BatchFolder;
import io.reelbatch.domain.store.ObjectStore;
import io.reelbatch.domain.store.ObjectWriter;
import io.reelbatch.errors.StoreException;
import java.io.IOException;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;

/**
 * Outputs that came inside an answer, as {@code data:} URIs. They would not fit in a record, so their bytes are kept in the
 * object store until they are verified, and the record names the object.
 */
final class InlineOutputs {
    private static final String SCHEME = "object:";
    /** What stands in the record for an inline output that holds no image, video or sound. */
    private static final String UNUSABLE = "unusable:";

    private final ObjectStore objects;
    private final Downloader downloader;

    InlineOutputs(ObjectStore objects, Downloader downloader) {
        this.objects = objects;
        this.downloader = downloader;
    }

    /** The outputs as a record can hold them: bytes are put aside, URLs stay as they are. */
    List<String> keep(JobKey key, int attempt, List<String> outputs) {
        List<String> kept = new ArrayList<>();
        for (String output : outputs) {
            kept.add(output.startsWith("data:") ? putAside(key, attempt + "-" + kept.size(), output) : output);
        }
        return kept;
    }

    private String putAside(JobKey key, String suffix, String dataUri) {
        String object = new BatchFolder(key.batchId()).internal("inline/" + key.index() + "-" + suffix);
        try (ObjectWriter writer = objects.write(object, "application/octet-stream")) {
            Download download = downloader.fetch(dataUri, kind -> writer);
            if (!(download instanceof Download.Done)) {
                return UNUSABLE + whyNot(download);
            }
            writer.commit();
            return SCHEME + object;
        } catch (IOException e) {
            throw new StoreException(
                    "An output that came inside the provider's answer could not be written to " + object, e);
        }
    }

    private static String whyNot(Download download) {
        if (download instanceof Download.NotMedia notMedia) {
            return notMedia.message();
        } else if (download instanceof Download.Cut cut) {
            return cut.message();
        } else if (download instanceof Download.TooLarge tooLarge) {
            return tooLarge.message();
        } else if (download instanceof Download.Forbidden forbidden) {
            return forbidden.message();
        }
        return "The output that came inside the answer cannot be read";
    }

    /** Why an inline output is none, if {@code url} stands for such a one. */
    static Optional<String> unusable(String url) {
        return url.startsWith(UNUSABLE) ? Optional.of(url.substring(UNUSABLE.length())) : Optional.empty();
    }

    /** The object that holds an output's bytes, if {@code url} names one. */
    static Optional<String> objectOf(String url) {
        return url.startsWith(SCHEME) ? Optional.of(url.substring(SCHEME.length())) : Optional.empty();
    }
}
