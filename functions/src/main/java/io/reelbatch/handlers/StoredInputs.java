package io.reelbatch.handlers;

import io.reelbatch.adapters.provider.InputCheck;
import io.reelbatch.adapters.provider.InputCheck.Checked;
import io.reelbatch.domain.config.ConfigReader;
import io.reelbatch.domain.config.Tables;
import io.reelbatch.domain.planning.InputFinder;
import io.reelbatch.domain.store.ObjectKeys;
import io.reelbatch.domain.store.ObjectStore;
import io.reelbatch.errors.StoreException;
import java.io.IOException;
import java.io.InputStream;
import java.nio.file.NoSuchFileException;
import java.util.Map;
import java.util.Optional;

/** Finds a config's input images and its table of jobs among the objects in the stack's bucket. */
public final class StoredInputs implements InputFinder {
    private final ObjectStore objects;
    private final String bucket;
    private final Map<String, String> staged;

    /**
     * A finder in one store.
     *
     * @param bucket name of the bucket behind {@code objects}
     * @param staged object key by reference, of the files that were put there for this batch
     */
    public StoredInputs(ObjectStore objects, String bucket, Map<String, String> staged) {
        this.objects = objects;
        this.bucket = bucket;
        this.staged = staged;
    }

    @Override
    public Found find(String reference) {
        Optional<String> ready = Optional.ofNullable(staged.get(reference));
        if (ready.isPresent()) {
            return object(ready.get());
        }
        return InputCheck.address(reference).orElseGet(() -> existing(reference));
    }

    @Override
    public Tables.Found table(String reference) {
        String key = Optional.ofNullable(staged.get(reference)).orElseGet(() -> key(reference));
        if (!ObjectKeys.isValid(key)) {
            return new Tables.Found.Unusable("must be an object of this stack, s3://" + bucket + "/...");
        }
        try (InputStream in = objects.read(key)) {
            return new Tables.Found.Table(reference, in.readNBytes(ConfigReader.MAX_BYTES + 1));
        } catch (NoSuchFileException e) {
            return new Tables.Found.Unusable(
                    "names an object that is not there: s3://" + bucket + "/" + key + "; upload it first");
        } catch (IOException e) {
            throw new StoreException("The table " + key + " cannot be read: " + e.getMessage(), e);
        }
    }

    /** The part of a reference after the bucket; what names another bucket is no key. */
    private String key(String reference) {
        String ours = "s3://" + bucket + "/";
        return reference.startsWith(ours) ? reference.substring(ours.length()) : reference;
    }

    private Found existing(String reference) {
        String ours = "s3://" + bucket + "/";
        if (reference.startsWith("s3://") && !reference.startsWith(ours)) {
            return new Found.Unusable("must lie in this stack's bucket, " + ours + "...");
        }
        String key = key(reference);
        return ObjectKeys.isValid(key)
                ? object(key)
                : new Found.Unusable("must be an https:// address or an object of this stack, " + ours + "...");
    }

    private Found object(String key) {
        try (InputStream in = objects.read(key)) {
            Checked checked = InputCheck.check(in);
            if (checked instanceof Checked.Image image) {
                return new Found.File(key, image.sha256(), image.kind().contentType(), image.bytes());
            }
            return new Found.Unusable(((Checked.Unusable) checked).why());
        } catch (NoSuchFileException e) {
            return new Found.Unusable("names an object that is not there: s3://" + bucket + "/" + key
                    + "; upload it, or give an https:// address");
        } catch (IOException e) {
            throw new StoreException("The input image " + key + " cannot be read: " + e.getMessage(), e);
        }
    }
}
