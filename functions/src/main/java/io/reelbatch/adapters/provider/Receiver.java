package io.reelbatch.adapters.provider;

import io.reelbatch.adapters.provider.MediaSniffer.Sniffed;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.InputStream;
import java.io.OutputStream;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.util.HexFormat;
import java.util.Optional;

/**
 * Detects the file type from the first bytes, then passes all bytes on while it counts and hashes them and watches for
 * the end of the file.
 */
final class Receiver {
    private final Downloader.Sink sink;
    private final long maxBytes;
    private final MessageDigest digest;
    private final ByteArrayOutputStream head = new ByteArrayOutputStream();
    private Optional<Sniffed> sniffed = Optional.empty();
    private Optional<FileEnd> end = Optional.empty();
    private OutputStream out = OutputStream.nullOutputStream();
    private long bytes;

    Receiver(Downloader.Sink sink, long maxBytes) {
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
     * @param declaredType what the source says the bytes are
     * @return false if there was more than the limit
     * @throws SinkException if the sink does not take the bytes
     * @throws IOException if the source does not give them
     */
    boolean receive(InputStream in, Optional<String> declaredType) throws IOException {
        byte[] buffer = new byte[64 << 10];
        for (int n = in.read(buffer); n >= 0; n = in.read(buffer)) {
            if (bytes + n > maxBytes) {
                return false;
            }
            digest.update(buffer, 0, n);
            bytes += n;
            pass(buffer, n, declaredType);
        }
        if (sniffed.isEmpty()) {
            open(declaredType);
        }
        return true;
    }

    long bytes() {
        return bytes;
    }

    /** What the bytes say they are. To be called when everything was received. */
    Sniffed sniffed() {
        return sniffed.orElseThrow();
    }

    /** Whether the file has the end that files of its kind have. To be called when everything was received. */
    boolean isWhole() {
        return end.map(FileEnd::isReached).orElse(true);
    }

    /** Lower-case hex. To be called once. */
    String sha256() {
        return HexFormat.of().formatHex(digest.digest());
    }

    private void pass(byte[] buffer, int n, Optional<String> declaredType) throws SinkException {
        try {
            if (sniffed.isPresent()) {
                end.ifPresent(e -> e.take(buffer, n));
                out.write(buffer, 0, n);
                return;
            }
        } catch (IOException e) {
            throw new SinkException(e);
        }
        head.write(buffer, 0, n);
        if (head.size() >= MediaSniffer.HEAD) {
            open(declaredType);
        }
    }

    private void open(Optional<String> declaredType) throws SinkException {
        byte[] start = head.toByteArray();
        Sniffed found = MediaSniffer.sniff(start, declaredType);
        sniffed = Optional.of(found);
        try {
            if (found instanceof Sniffed.Media media) {
                FileEnd watched = FileEnd.of(media.kind());
                watched.take(start, start.length);
                end = Optional.of(watched);
                out = sink.open(media.kind());
                out.write(start);
            }
        } catch (IOException e) {
            throw new SinkException(e);
        }
    }

    /** The trouble is where the bytes go, not where they come from. */
    static final class SinkException extends IOException {
        private static final long serialVersionUID = 1L;

        SinkException(IOException cause) {
            super(cause);
        }
    }
}
