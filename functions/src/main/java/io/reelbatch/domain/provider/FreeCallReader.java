package io.reelbatch.domain.provider;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.MissingNode;
import io.reelbatch.domain.webhook.KeySet;
import java.net.URI;
import java.net.URISyntaxException;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.Optional;
import java.util.function.Function;

/** Interprets the answers to calls that cost nothing. */
public final class FreeCallReader {
    private final Secrets secrets;

    /** @param secrets what must not get into a message, should the server echo it */
    public FreeCallReader(Secrets secrets) {
        this.secrets = secrets;
    }

    /** Where an uploaded file is, for use as an input; temporary. */
    public Answer<URI> upload(Reply reply) {
        return read(
                reply,
                root -> Shapes.first(
                        url(Shapes.content(root).path("download_url")),
                        url(Shapes.content(root).path("url")),
                        url(root.path("download_url")),
                        url(root.path("url"))));
    }

    /** What a request would cost. */
    public Answer<Quote> quote(Reply reply) {
        return read(reply, root -> {
            JsonNode data = Shapes.content(root);
            return Shapes.amount(data.path("price"))
                    .map(price -> new Quote(
                            price, Shapes.amount(data.path("origin_price")), Shapes.amount(data.path("discount"))));
        });
    }

    /** What the account has left. */
    public Answer<Balance> balance(Reply reply) {
        return read(reply, root -> {
            JsonNode available = Shapes.first(
                            object(Shapes.content(root).path("available")), object(root.path("available")))
                    .orElseGet(MissingNode::getInstance);
            return Shapes.number(available.path("value"))
                    .map(value -> new Balance(
                            value, available.path("currency").asText("usd").toLowerCase(Locale.ROOT)));
        });
    }

    /** The provider's models; an entry without an id is left out. */
    public Answer<List<ProviderModel>> models(Reply reply) {
        return read(reply, root -> {
            JsonNode list = root.path("data");
            return list.isArray() ? Optional.of(models(list)) : Optional.empty();
        });
    }

    /** The keys that callbacks are signed with. */
    public Answer<KeySet> webhookKeys(Reply reply) {
        return read(reply, KeySet::read);
    }

    private static List<ProviderModel> models(JsonNode list) {
        List<ProviderModel> models = new ArrayList<>();
        for (JsonNode entry : list) {
            String id = entry.path("model").asText("");
            if (!id.isBlank()) {
                models.add(new ProviderModel(
                        id,
                        entry.path("type").asText(""),
                        entry.path("displayName").asText(id),
                        Shapes.amount(entry.path("price").path("actual").path("base_price")),
                        url(entry.path("schema"))));
            }
        }
        return List.copyOf(models);
    }

    private <T> Answer<T> read(Reply reply, Function<JsonNode, Optional<T>> value) {
        Optional<JsonNode> root = reply.json().map(JsonNode.class::cast);
        Optional<Integer> envelope = root.flatMap(Shapes::envelopeError);
        if (reply.isSuccess() && envelope.isEmpty()) {
            return root.flatMap(value).<Answer<T>>map(Answer.Ok::new).orElseGet(() -> unavailable(reply));
        }
        int status = reply.isSuccess() ? envelope.orElse(reply.status()) : reply.status();
        return ErrorRule.ofSubmit(status, root.filter(Shapes::isOwnError).isPresent())
                .kind()
                .<Answer<T>>map(kind -> new Answer.Refused<>(Errors.of(status, kind, reply, secrets)))
                .orElseGet(() -> unavailable(reply));
    }

    private <T> Answer<T> unavailable(Reply reply) {
        return new Answer.Unavailable<>("no usable answer: " + Errors.describe(reply, secrets), reply.retryAfter());
    }

    private static Optional<JsonNode> object(JsonNode node) {
        return node.isObject() ? Optional.of(node) : Optional.empty();
    }

    private static Optional<URI> url(JsonNode node) {
        if (!node.isTextual()) {
            return Optional.empty();
        }
        try {
            URI url = new URI(node.textValue().strip());
            return url.isAbsolute() && url.getRawAuthority() != null ? Optional.of(url) : Optional.empty();
        } catch (URISyntaxException e) {
            return Optional.empty();
        }
    }
}
