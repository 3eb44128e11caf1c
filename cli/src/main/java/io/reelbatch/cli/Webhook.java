package io.reelbatch.cli;

import io.reelbatch.cli.local.LocalRun;
import io.reelbatch.cli.local.WebhookServer;
import io.reelbatch.handlers.Parts;
import java.io.IOException;
import java.net.URI;
import java.net.URISyntaxException;
import java.util.Optional;
import java.util.Set;

/** Receives the provider's callbacks while a batch runs, if the user asked for them. */
final class Webhook implements AutoCloseable {
    private static final Set<String> LOOPBACK = Set.of("127.0.0.1", "localhost");

    private record Listening(WebhookServer server, URI url) {}

    private final Optional<Listening> listening;

    private Webhook(Optional<Listening> listening) {
        this.listening = listening;
    }

    /** @throws UsageException if the address is none that this provider can call */
    static void check(Optional<String> url, Provider provider) {
        if (url.isPresent() && Provider.isLoopback(parse(url.get())) && !provider.isLocal()) {
            throw new UsageException("--webhook-url is " + url.get() + ", which leads nobody but this machine here: "
                    + provider.baseUrl().getHost() + " needs a public https:// address.");
        }
    }

    /**
     * Listens on this machine if there is an address.
     *
     * @param url as the provider reaches it; on the loopback address with its own port, where 0 or none picks a free one
     * @param port where what comes to any other address is forwarded to
     * @throws UsageException if the address is none that a provider can call
     */
    static Webhook start(Optional<String> url, int port) throws IOException {
        return url.isPresent()
                ? new Webhook(Optional.of(listen(parse(url.get()), port)))
                : new Webhook(Optional.empty());
    }

    private static Listening listen(URI url, int port) throws IOException {
        if (!LOOPBACK.contains(url.getHost())) {
            return new Listening(new WebhookServer(port), url);
        }
        WebhookServer server = new WebhookServer(Math.max(0, url.getPort()));
        return new Listening(server, url.getPort() > 0 ? url : server.url());
    }

    private static URI parse(String text) {
        try {
            URI url = new URI(text);
            boolean local = LOOPBACK.contains(String.valueOf(url.getHost()));
            boolean callable = url.getHost() != null
                    && url.getQuery() == null
                    && url.getFragment() == null
                    && ("https".equals(url.getScheme()) || (local && "http".equals(url.getScheme())));
            if (callable) {
                return url;
            }
        } catch (URISyntaxException e) {
            throw new UsageException("--webhook-url is not a URL: " + text);
        }
        throw new UsageException("--webhook-url is " + text
                + ": it must be https://, or http:// on this machine, without query and fragment.");
    }

    /** The same parts, which ask to be called back. */
    Parts addTo(Parts parts) {
        return listening.map(there -> parts.calledBackAt(there.url())).orElse(parts);
    }

    /** From now on callbacks go to that run. */
    void handTo(LocalRun run, Parts parts) {
        listening.ifPresent(there -> there.server().handTo(run.receiver(parts)));
    }

    @Override
    public void close() {
        listening.ifPresent(there -> there.server().close());
    }
}
