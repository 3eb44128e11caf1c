package io.reelbatch.adapters.provider;

import java.io.BufferedInputStream;
import java.io.ByteArrayInputStream;
import java.io.FilterInputStream;
import java.io.IOException;
import java.io.InputStream;
import java.nio.charset.StandardCharsets;
import java.util.Base64;
import java.util.Locale;
import java.util.Optional;

/** An output that stands in the URL itself: {@code data:image/png;base64,...}. */
final class DataUri {
    private final String text;
    private final int comma;

    private DataUri(String text, int comma) {
        this.text = text;
        this.comma = comma;
    }

    static boolean is(String url) {
        return url.regionMatches(true, 0, "data:", 0, 5);
    }

    /** The parts of a data URI, or empty if it has none. */
    static Optional<DataUri> of(String url) {
        int comma = url.indexOf(',');
        return comma < 0 ? Optional.empty() : Optional.of(new DataUri(url, comma));
    }

    /** What it says it is. */
    Optional<String> declaredType() {
        String type = header().split(";", 2)[0].strip().toLowerCase(Locale.ROOT);
        return type.isEmpty() ? Optional.empty() : Optional.of(type);
    }

    /** Its bytes, decoded while they are read. Malformed ones are an {@link IOException}. */
    InputStream open() {
        if (!isBase64()) {
            return percentDecoded();
        }
        boolean plain = text.indexOf('%', comma) < 0;
        return Base64.getDecoder().wrap(new Base64Letters(plain ? new Letters(text, comma + 1) : percentDecoded()));
    }

    private boolean isBase64() {
        return header().toLowerCase(Locale.ROOT).endsWith(";base64");
    }

    private String header() {
        return text.substring("data:".length(), comma);
    }

    private InputStream percentDecoded() {
        byte[] in = text.substring(comma + 1).getBytes(StandardCharsets.UTF_8);
        int n = 0;
        for (int i = 0; i < in.length; i++) {
            int high = in[i] == '%' && i + 2 < in.length ? Character.digit(in[i + 1], 16) : -1;
            int low = high >= 0 ? Character.digit(in[i + 2], 16) : -1;
            in[n++] = low >= 0 ? (byte) (high << 4 | low) : in[i];
            i += low >= 0 ? 2 : 0;
        }
        return new ByteArrayInputStream(in, 0, n);
    }

    /** The characters of a long text as bytes, without a copy of it. */
    private static final class Letters extends InputStream {
        private final String text;
        private int next;

        Letters(String text, int from) {
            this.text = text;
            this.next = from;
        }

        @Override
        public int read() throws IOException {
            return next < text.length() ? ascii(text.charAt(next++)) : -1;
        }

        @Override
        public int read(byte[] buffer, int offset, int length) throws IOException {
            int n = Math.min(length, text.length() - next);
            for (int i = 0; i < n; i++) {
                buffer[offset + i] = (byte) ascii(text.charAt(next++));
            }
            return n > 0 || length == 0 ? n : -1;
        }

        private static int ascii(char c) throws IOException {
            if (c > 0x7f) {
                throw new IOException("it holds a character that is not ASCII");
            }
            return c;
        }
    }

    /** Base64 as the strict decoder wants it: no blanks, and the URL-safe alphabet translated. */
    private static final class Base64Letters extends FilterInputStream {
        Base64Letters(InputStream in) {
            super(new BufferedInputStream(in));
        }

        @Override
        public int read() throws IOException {
            int c = in.read();
            while (c == ' ' || c == '\n' || c == '\r') {
                c = in.read();
            }
            return c == '-' ? '+' : c == '_' ? '/' : c;
        }

        @Override
        public int read(byte[] buffer, int offset, int length) throws IOException {
            int n = 0;
            while (n < length) {
                int c = read();
                if (c < 0) {
                    return n == 0 ? -1 : n;
                }
                buffer[offset + n++] = (byte) c;
            }
            return n;
        }
    }
}
