package io.reelbatch.domain.config;

import java.nio.ByteBuffer;
import java.nio.CharBuffer;
import java.nio.charset.CharsetDecoder;
import java.nio.charset.CoderResult;
import java.nio.charset.StandardCharsets;
import java.util.List;
import java.util.Optional;

/** Tells whether bytes are valid text. */
final class Utf8 {
    private static final int CHUNK = 8192;

    private Utf8() {}

    /** Where the text starts: after the byte order mark that some editors write. Anything but UTF-8 is refused. */
    static int start(String file, byte[] content) {
        if (startsWith(content, 0xFF, 0xFE) || startsWith(content, 0xFE, 0xFF)) {
            throw failure(file, Optional.empty(), "is UTF-16; save it as UTF-8");
        }
        int start = startsWith(content, 0xEF, 0xBB, 0xBF) ? 3 : 0;
        int broken = firstMalformed(content);
        if (broken >= 0) {
            throw failure(
                    file,
                    Optional.of(lineOf(content, broken)),
                    String.format("is not UTF-8: byte %d is 0x%02X; save the file as UTF-8", broken, content[broken]));
        }
        return start;
    }

    private static boolean startsWith(byte[] content, int... mark) {
        for (int i = 0; i < mark.length; i++) {
            if (i >= content.length || (content[i] & 0xFF) != mark[i]) {
                return false;
            }
        }
        return true;
    }

    private static int firstMalformed(byte[] content) {
        CharsetDecoder decoder = StandardCharsets.UTF_8.newDecoder();
        ByteBuffer in = ByteBuffer.wrap(content);
        CharBuffer out = CharBuffer.allocate(CHUNK);
        CoderResult result;
        do {
            result = decoder.decode(in, out.clear(), true);
        } while (result.isOverflow());
        return result.isError() ? in.position() : -1;
    }

    private static int lineOf(byte[] content, int offset) {
        int line = 1;
        for (int i = 0; i < offset; i++) {
            if (content[i] == '\n') {
                line++;
            }
        }
        return line;
    }

    private static InvalidConfigException failure(String file, Optional<Integer> line, String message) {
        return new InvalidConfigException(
                List.of(new ConfigProblem(file, line, Optional.empty(), Optional.empty(), message)), Optional.empty());
    }
}
