package io.reelbatch.domain.webhook;

import com.fasterxml.jackson.databind.JsonNode;
import java.security.GeneralSecurityException;
import java.security.KeyFactory;
import java.security.PublicKey;
import java.security.spec.X509EncodedKeySpec;
import java.util.Base64;
import java.util.HashMap;
import java.util.HexFormat;
import java.util.Map;
import java.util.Optional;

/**
 * The provider's public Ed25519 keys.
 *
 * @param byId by the name that a callback's {@code Key-Id} header has
 */
public record KeySet(Map<String, PublicKey> byId) {
    /** No key. */
    public static final KeySet NONE = new KeySet(Map.of());

    private static final int RAW_LENGTH = 32;
    /** Prefix of a raw key in its X.509 form (RFC 8410), hex. */
    private static final String X509 = "302a300506032b6570032100";

    public KeySet {
        byId = Map.copyOf(byId);
    }

    /** Reads a JSON Web Key Set (RFC 7517, RFC 8037); empty if it is none. Keys of other kinds are left out. */
    public static Optional<KeySet> read(JsonNode jwks) {
        if (!jwks.path("keys").isArray()) {
            return Optional.empty();
        }
        Map<String, PublicKey> keys = new HashMap<>();
        for (JsonNode key : jwks.path("keys")) {
            String id = key.path("kid").asText("");
            if (key.path("kty").asText("").equals("OKP")
                    && key.path("crv").asText("").equals("Ed25519")) {
                raw(key.path("x").asText("")).ifPresent(bytes -> keys.put(id, publicKey(bytes)));
            }
        }
        return Optional.of(new KeySet(keys));
    }

    /** The key of that name. */
    public Optional<PublicKey> key(String id) {
        return Optional.ofNullable(byId.get(id));
    }

    private static Optional<byte[]> raw(String base64) {
        try {
            byte[] bytes = Base64.getUrlDecoder().decode(base64);
            return bytes.length == RAW_LENGTH ? Optional.of(bytes) : Optional.empty();
        } catch (IllegalArgumentException notBase64) {
            return Optional.empty();
        }
    }

    private static PublicKey publicKey(byte[] raw) {
        byte[] encoded = HexFormat.of().parseHex(X509 + HexFormat.of().formatHex(raw));
        try {
            return KeyFactory.getInstance("Ed25519").generatePublic(new X509EncodedKeySpec(encoded));
        } catch (GeneralSecurityException e) {
            throw new IllegalStateException("every JDK from 15 on has Ed25519", e);
        }
    }
}
