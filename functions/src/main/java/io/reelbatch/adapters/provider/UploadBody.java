package io.reelbatch.adapters.provider;

import java.io.FilterInputStream;
import java.io.IOException;
import java.io.InputStream;
import java.io.UncheckedIOException;
import java.util.Optional;
import org.apache.hc.client5.http.entity.mime.InputStreamBody;
import org.apache.hc.client5.http.entity.mime.MultipartEntityBuilder;
import org.apache.hc.core5.http.ContentType;
import org.apache.hc.core5.http.HttpEntity;

/**
 * A file being uploaded, as the only part of a form. Distinguishes failures to read the file from failures of the
 * network.
 */
final class UploadBody {
    private final String fileName;
    private final String contentType;
    private final Source source;
    private final long length;

    UploadBody(String fileName, String contentType, InputStream content, long length) {
        this.fileName = fileName.replaceAll("[^A-Za-z0-9._-]", "_");
        this.contentType = contentType;
        this.source = new Source(content, length);
        this.length = length;
    }

    HttpEntity entity() {
        return MultipartEntityBuilder.create()
                .addPart("file", new InputStreamBody(source, ContentType.parse(contentType), fileName, length))
                .build();
    }

    void throwIfUnreadable() {
        source.failure.ifPresent(e -> {
            throw new UncheckedIOException(e);
        });
    }

    /** Gives exactly as many bytes as were announced, or remembers why it could not. */
    private static final class Source extends FilterInputStream {
        private Optional<IOException> failure = Optional.empty();
        private long left;

        Source(InputStream in, long length) {
            super(in);
            this.left = length;
        }

        @Override
        public int read() throws IOException {
            byte[] one = new byte[1];
            return read(one, 0, 1) < 0 ? -1 : one[0] & 0xff;
        }

        @Override
        public int read(byte[] buffer, int offset, int count) throws IOException {
            if (left == 0) {
                return -1;
            }
            try {
                int n = in.read(buffer, offset, (int) Math.min(count, left));
                if (n < 0) {
                    throw new IOException("the file ends " + left + " bytes before its announced end");
                }
                left -= n;
                return n;
            } catch (IOException e) {
                failure = Optional.of(e);
                throw e;
            }
        }
    }
}
