package io.reelbatch.adapters.aws;

import java.io.FilterInputStream;
import java.io.IOException;
import software.amazon.awssdk.core.ResponseInputStream;
import software.amazon.awssdk.core.exception.SdkException;
import software.amazon.awssdk.services.s3.model.GetObjectResponse;

/** Reads an object; if closed early, it drops the connection instead of fetching the rest. */
final class S3ObjectReader extends FilterInputStream {
    private final String where;
    private final ResponseInputStream<GetObjectResponse> response;
    private boolean ended;

    S3ObjectReader(String where, ResponseInputStream<GetObjectResponse> response) {
        super(response);
        this.where = where;
        this.response = response;
    }

    @Override
    public int read() throws IOException {
        byte[] one = new byte[1];
        return read(one, 0, 1) < 0 ? -1 : one[0] & 0xff;
    }

    @Override
    public int read(byte[] target, int offset, int length) throws IOException {
        try {
            int read = in.read(target, offset, length);
            ended = ended || read < 0;
            return read;
        } catch (IOException | SdkException e) {
            throw new IOException("reading " + where + " broke off (" + e.getMessage() + "); read it again", e);
        }
    }

    @Override
    public boolean markSupported() {
        return false;
    }

    @Override
    public void close() throws IOException {
        if (ended) {
            in.close();
        } else {
            response.abort();
        }
    }
}
