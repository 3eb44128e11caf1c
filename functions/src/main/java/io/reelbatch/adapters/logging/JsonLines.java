package io.reelbatch.adapters.logging;

import ch.qos.logback.classic.spi.ILoggingEvent;
import ch.qos.logback.classic.spi.ThrowableProxyUtil;
import ch.qos.logback.core.encoder.EncoderBase;
import com.fasterxml.jackson.core.JsonGenerator;
import io.reelbatch.domain.json.Json;
import io.reelbatch.domain.provider.Secrets;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.UncheckedIOException;
import org.slf4j.event.KeyValuePair;

/** One flat JSON object a line: time, level, message, the event's own fields, and the stack of an exception. */
final class JsonLines extends EncoderBase<ILoggingEvent> {
    private final Secrets secrets;

    JsonLines(Secrets secrets) {
        this.secrets = secrets;
    }

    @Override
    public byte[] encode(ILoggingEvent event) {
        ByteArrayOutputStream line = new ByteArrayOutputStream(256);
        try (JsonGenerator json = Json.mapper().getFactory().createGenerator(line)) {
            json.writeStartObject();
            json.writeStringField("time", event.getInstant().toString());
            json.writeStringField("level", event.getLevel().toString());
            json.writeStringField("message", secrets.mask(event.getFormattedMessage()));
            if (event.getKeyValuePairs() != null) {
                for (KeyValuePair pair : event.getKeyValuePairs()) {
                    write(json, pair);
                }
            }
            json.writeStringField("logger", event.getLoggerName());
            if (event.getThrowableProxy() != null) {
                json.writeStringField(
                        "exception", secrets.mask(ThrowableProxyUtil.asString(event.getThrowableProxy())));
            }
            json.writeEndObject();
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
        line.write('\n');
        return line.toByteArray();
    }

    private void write(JsonGenerator json, KeyValuePair pair) throws IOException {
        if (pair.value instanceof Number number) {
            json.writePOJOField(pair.key, number);
        } else {
            json.writeStringField(pair.key, secrets.mask(String.valueOf(pair.value)));
        }
    }

    @Override
    public byte[] headerBytes() {
        return new byte[0];
    }

    @Override
    public byte[] footerBytes() {
        return new byte[0];
    }
}
