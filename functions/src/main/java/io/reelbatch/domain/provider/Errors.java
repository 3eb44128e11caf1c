package io.reelbatch.domain.provider;

import io.reelbatch.domain.provider.ProviderError.Kind;

/** Extracts the readable error message from an answer. */
final class Errors {
    private Errors() {}

    static ProviderError of(int status, Kind kind, Reply reply, Secrets secrets) {
        return new ProviderError(
                status,
                kind,
                message(reply, secrets),
                reply.json()
                        .flatMap(Shapes::errorCode)
                        .map(code -> clean(code, secrets))
                        .filter(code -> !code.equals(String.valueOf(status))),
                reply.json().flatMap(Shapes::requestId).map(id -> clean(id, secrets)));
    }

    /** The status and what came with it, in one line. */
    static String describe(Reply reply, Secrets secrets) {
        return "HTTP " + reply.status() + ", " + message(reply, secrets);
    }

    static String message(Reply reply, Secrets secrets) {
        return clean(
                reply.json()
                        .map(root -> Shapes.message(root).orElse("no message"))
                        .orElse(reply.text()),
                secrets);
    }

    /** One line of bounded length without secrets. */
    static String clean(String text, Secrets secrets) {
        return BodyText.line(secrets.mask(text));
    }
}
