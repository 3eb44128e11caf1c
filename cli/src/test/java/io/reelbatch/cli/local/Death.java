package io.reelbatch.cli.local;

import io.reelbatch.adapters.provider.ProviderClient;
import io.reelbatch.cli.local.BatchLab.Machine;
import io.reelbatch.domain.job.BatchSettings.ProviderApi;
import io.reelbatch.domain.store.JobStore;
import io.reelbatch.domain.store.ObjectStore;
import io.reelbatch.domain.store.ObjectWriter;
import io.reelbatch.engine.Execution;
import java.io.IOException;
import java.io.InputStream;
import java.lang.Thread.UncaughtExceptionHandler;
import java.util.Optional;
import java.util.concurrent.CompletableFuture;
import java.util.function.Consumer;
import java.util.function.Function;
import java.util.function.Predicate;
import java.util.function.Supplier;
import org.junit.jupiter.api.extension.AfterAllCallback;
import org.junit.jupiter.api.extension.BeforeAllCallback;
import org.junit.jupiter.api.extension.ExtensionContext;

/** The end of a process, thrown in every thread that still wants something. */
final class Death {
    private final int at;
    private final Predicate<String> counted;
    private final CompletableFuture<String> happened = new CompletableFuture<>();
    private int passed;
    private boolean dead;

    /**
     * A death to come.
     *
     * @param at at which of the moments that count, from 1
     * @param counted whether a moment of that name counts
     */
    Death(int at, Predicate<String> counted) {
        this.at = at;
        this.counted = counted;
    }

    /** Runs the batch in a process that dies as told, or to its end. */
    void strike(BatchLab lab) throws IOException {
        lab.withJobStores(this::of).withObjectStores(this::of).withProviders(this::of);
        try (Machine machine = lab.machine()) {
            Execution execution = machine.start(false);
            CompletableFuture.anyOf(happened, execution.result()).join();
        }
        lab.withJobStores(store -> store).withObjectStores(store -> store).withProviders(provider -> provider);
    }

    /** Thrown instead of whatever a dead process would have done next. */
    static final class DeadError extends Error {
        private static final long serialVersionUID = 1L;
    }

    /** Where it happened; empty if the process outlived its work. */
    Optional<String> where() {
        return Optional.ofNullable(happened.getNow(null));
    }

    private synchronized void live() {
        if (dead) {
            throw new DeadError();
        }
    }

    private void moment(String what) {
        synchronized (this) {
            live();
            dead = counted.test(what) && ++passed == at;
        }
        if (dead) {
            happened.complete(what);
            throw new DeadError();
        }
    }

    private <T> T around(String what, Supplier<T> action) {
        moment("before writing " + what);
        T result = action.get();
        moment("after writing " + what);
        return result;
    }

    JobStore of(JobStore store) {
        return new TappedJobStore(store) {
            @Override
            <T> T read(Supplier<T> action) {
                live();
                return action.get();
            }

            @Override
            <T> T write(String what, Supplier<T> action) {
                return around(what, action);
            }
        };
    }

    Function<ProviderApi, ProviderClient> of(Function<ProviderApi, ProviderClient> provider) {
        return api -> {
            moment("before a call of the provider");
            return provider.apply(api);
        };
    }

    ObjectStore of(ObjectStore store) {
        return new ObjectStore() {
            @Override
            public Optional<StoredObject> find(String key) throws IOException {
                live();
                return store.find(key);
            }

            @Override
            public InputStream read(String key) throws IOException {
                live();
                return store.read(key);
            }

            @Override
            public ObjectWriter write(String key, String contentType) throws IOException {
                moment("before opening " + key);
                return of(key, store.write(key, contentType));
            }

            @Override
            public void copy(String fromKey, String toKey) throws IOException {
                moment("before copying to " + toKey);
                store.copy(fromKey, toKey);
                moment("after copying to " + toKey);
            }

            @Override
            public String location(String key) {
                return store.location(key);
            }

            @Override
            public boolean adopt(String location, String toKey) throws IOException {
                moment("before adopting " + toKey);
                boolean adopted = store.adopt(location, toKey);
                moment("after adopting " + toKey);
                return adopted;
            }

            @Override
            public void list(String prefix, Consumer<StoredObject> action) throws IOException {
                live();
                store.list(prefix, action);
            }

            @Override
            public void delete(String key) throws IOException {
                moment("before deleting " + key);
                store.delete(key);
                moment("after deleting " + key);
            }

            @Override
            public void close() {
                store.close();
            }
        };
    }

    private ObjectWriter of(String key, ObjectWriter writer) {
        return new ObjectWriter() {
            @Override
            public void write(int b) throws IOException {
                writer.write(b);
            }

            @Override
            public void write(byte[] bytes, int offset, int length) throws IOException {
                live();
                writer.write(bytes, offset, length);
            }

            @Override
            public ObjectStore.StoredObject commit() throws IOException {
                moment("before committing " + key);
                ObjectStore.StoredObject object = writer.commit();
                moment("after committing " + key);
                return object;
            }

            @Override
            public void close() throws IOException {
                writer.close();
            }
        };
    }

    /** A thread of a dead process has nothing to say. */
    static final class Quiet implements BeforeAllCallback, AfterAllCallback {
        private Optional<UncaughtExceptionHandler> usual = Optional.empty();

        @Override
        public void beforeAll(ExtensionContext context) {
            Optional<UncaughtExceptionHandler> handler =
                    Optional.ofNullable(Thread.getDefaultUncaughtExceptionHandler());
            usual = handler;
            Thread.setDefaultUncaughtExceptionHandler((thread, thrown) -> {
                if (!(thrown instanceof DeadError)) {
                    handler.ifPresentOrElse(one -> one.uncaughtException(thread, thrown), thrown::printStackTrace);
                }
            });
        }

        @Override
        public void afterAll(ExtensionContext context) {
            Thread.setDefaultUncaughtExceptionHandler(usual.orElse(null));
        }
    }
}
