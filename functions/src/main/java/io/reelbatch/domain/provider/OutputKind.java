package io.reelbatch.domain.provider;

/**
 * What an output's bytes say they are.
 *
 * @param extension of the file's name, without a dot, such as {@code png}
 * @param contentType such as {@code image/png}
 */
public record OutputKind(String extension, String contentType) {}
