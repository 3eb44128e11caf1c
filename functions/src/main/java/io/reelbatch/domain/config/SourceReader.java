package io.reelbatch.domain.config;

import java.util.List;
import java.util.Locale;
import java.util.Optional;

/** Reads a file as YAML or as JSON, whichever it is. */
final class SourceReader {
    private SourceReader() {}

    /** The file's tree; throws {@link InvalidConfigException} where it has none. */
    static Source read(String file, byte[] content, Shape shape) {
        if (content.length > ConfigReader.MAX_BYTES) {
            throw failure(file, "is larger than 64 MB; split the batch");
        }
        int start = Utf8.start(file, content);
        String name = file.toLowerCase(Locale.ROOT);
        boolean yaml = name.endsWith(".yaml") || name.endsWith(".yml");
        if (name.endsWith(".json") || (!yaml && looksLikeJson(content, start))) {
            return JsonSource.read(file, content, start, shape);
        }
        if (looksLikeJson(content, start)) {
            try {
                return JsonSource.read(file, content, start, shape);
            } catch (InvalidConfigException notJson) {
                return YamlSource.read(file, content, start, shape);
            }
        }
        return YamlSource.read(file, content, start, shape);
    }

    private static boolean looksLikeJson(byte[] content, int start) {
        for (int i = start; i < content.length; i++) {
            switch (content[i]) {
                case ' ', '\t', '\r', '\n' -> {
                    continue;
                }
                default -> {
                    return content[i] == '{' || content[i] == '[';
                }
            }
        }
        return false;
    }

    private static InvalidConfigException failure(String file, String message) {
        return new InvalidConfigException(
                List.of(new ConfigProblem(file, Optional.empty(), Optional.empty(), Optional.empty(), message)),
                Optional.empty());
    }
}
