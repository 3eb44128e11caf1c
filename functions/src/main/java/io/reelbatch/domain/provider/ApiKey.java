package io.reelbatch.domain.provider;

/**
 * The provider's API key. Its text can only be read with {@link #reveal}, so it cannot end up in a log or an exception
 * by accident.
 */
public final class ApiKey {
    private final String value;

    private ApiKey(String value) {
        this.value = value;
    }

    /**
     * A key, surrounding white space dropped.
     *
     * @throws IllegalArgumentException if nothing is left, or something that cannot stand in an HTTP header
     */
    public static ApiKey of(String text) {
        String value = text.strip();
        if (value.isEmpty()) {
            throw new IllegalArgumentException("the API key is empty");
        }
        if (!value.chars().allMatch(c -> c > 0x20 && c < 0x7f)) {
            throw new IllegalArgumentException("the API key holds a space, a line break or a non-ASCII character");
        }
        return new ApiKey(value);
    }

    /** The key itself, for the one header it belongs in. */
    public String reveal() {
        return value;
    }

    /** Masked. */
    @Override
    public String toString() {
        return "ApiKey[***]";
    }
}
