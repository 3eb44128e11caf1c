package io.reelbatch.adapters.provider;

import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.InputStream;
import java.io.OutputStream;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.util.HexFormat;

/** Passes bytes on, counts them, hashes them and keeps the first few. */
final class Receiver {
    private final OutputStream sink;
    private final long maxBytes;
    private final MessageDigest digest;
    private final ByteArrayOutputStream head = new ByteArrayOutputStream();
    private long bytes;

    Receiver(OutputStream sink, long maxBytes) {
        this.sink = sink;
        this.maxBytes = maxBytes;
        try {
            this.digest = MessageDigest.getInstance("SHA-256");
        } catch (NoSuchAlgorithmException e) {
            throw new IllegalStateException("every Java has SHA-256", e);
        }
    }

    /**
     * Takes everything.
     *
     * @return false if there was more than the limit
     * @throws SinkException if the sink does not take the bytes
     * @throws IOException if the source does not give them
     */
    boolean receive(InputStream in) throws IOException {
        byte[] buffer = new byte[64 << 10];
        for (int n = in.read(buffer); n >= 0; n = in.read(buffer)) {
            if (bytes + n > maxBytes) {
                return false;
            }
            pass(buffer, n);
        }
        return true;
    }

    long bytes() {
        return bytes;
    }

    /** The first bytes, as many as are needed to tell what they are. */
    byte[] head() {
        return head.toByteArray();
    }

    /** Lower-case hex. To be called once. */
    String sha256() {
        return HexFormat.of().formatHex(digest.digest());
    }

    private void pass(byte[] buffer, int n) throws SinkException {
        try {
            sink.write(buffer, 0, n);
        } catch (IOException e) {
            throw new SinkException(e);
        }
        digest.update(buffer, 0, n);
        head.write(buffer, 0, Math.min(n, MediaSniffer.HEAD - head.size()));
        bytes += n;
    }

    /** The trouble is where the bytes go, not where they come from. */
    static final class SinkException extends IOException {
        private static final long serialVersionUID = 1L;

        SinkException(IOException cause) {
            super(cause);
        }
    }
}
