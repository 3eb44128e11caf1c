package io.reelbatch.cli;

import io.github.cdimascio.dotenv.Dotenv;
import io.reelbatch.adapters.provider.ProviderSettings;
import io.reelbatch.domain.provider.ApiKey;
import java.net.URI;
import java.nio.file.Path;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;

/**
 * Who generates: the real provider, another server with the same API, or the simulator.
 *
 * @param simulated whether to start the simulator; then there is no base URL yet
 * @param baseUrl of the provider's API
 * @param key for it; a server on loopback may need none
 */
record Provider(boolean simulated, URI baseUrl, ApiKey key) {
    private static final ApiKey NO_KEY = ApiKey.of("no-key");

    /**
     * By the environment, then by {@code .env} in the working directory.
     *
     * @throws UsageException if the environment asks for something that does not exist or leaves out the key
     */
    static Provider choose(Map<String, String> environment, Path workingDirectory) {
        Dotenv file = Dotenv.configure()
                .directory(workingDirectory.toString())
                .ignoreIfMissing()
                .ignoreIfMalformed()
                .load();
        Lookup lookup = new Lookup(environment, file);
        Optional<String> url = lookup.get("ATLASCLOUD_BASE_URL");
        Optional<ApiKey> key = lookup.get("ATLASCLOUD_API_KEY")
                .or(() -> lookup.get("ATLAS_CLOUD_API_KEY"))
                .map(Provider::key);
        String byDefault = key.isPresent() || url.isPresent() ? "atlas" : "simulator";
        String wanted = lookup.get("REELBATCH_PROVIDER").orElse(byDefault).toLowerCase(Locale.ROOT);
        return switch (wanted) {
            case "simulator" -> new Provider(true, ProviderSettings.ATLAS, NO_KEY);
            case "atlas" -> atlas(url.map(Provider::url).orElse(ProviderSettings.ATLAS), key);
            default ->
                throw new UsageException("REELBATCH_PROVIDER is `" + wanted + "`: it must be `atlas` or `simulator`.");
        };
    }

    private record Lookup(Map<String, String> environment, Dotenv file) {
        Optional<String> get(String name) {
            return Optional.ofNullable(environment.get(name))
                    .or(() -> Optional.ofNullable(file.get(name)))
                    .filter(value -> !value.isBlank());
        }
    }

    private static ApiKey key(String text) {
        try {
            return ApiKey.of(text);
        } catch (IllegalArgumentException e) {
            throw new UsageException("ATLASCLOUD_API_KEY: " + e.getMessage() + ".");
        }
    }

    private static URI url(String text) {
        try {
            return URI.create(text);
        } catch (IllegalArgumentException e) {
            throw new UsageException("ATLASCLOUD_BASE_URL is not a URL: " + text);
        }
    }

    private static Provider atlas(URI baseUrl, Optional<ApiKey> key) {
        Provider provider = new Provider(false, baseUrl, key.orElse(NO_KEY));
        if (key.isEmpty() && !provider.isLocal()) {
            throw new UsageException("There is no API key: set ATLASCLOUD_API_KEY in the environment or in .env,"
                    + " or REELBATCH_PROVIDER=simulator.");
        }
        return provider;
    }

    /** Whether it is certain to cost nothing: the simulator, or a server on this machine. */
    boolean isLocal() {
        return simulated || isLoopback(baseUrl);
    }

    /** Whether the URL names this very machine. */
    static boolean isLoopback(URI url) {
        String host = String.valueOf(url.getHost()).toLowerCase(Locale.ROOT);
        return host.equals("localhost") || host.equals("127.0.0.1") || host.equals("[::1]");
    }

    Provider at(URI url) {
        return new Provider(simulated, url, key);
    }
}
