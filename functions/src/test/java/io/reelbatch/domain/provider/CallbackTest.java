package io.reelbatch.domain.provider;

import static org.assertj.core.api.Assertions.assertThat;

import java.nio.charset.StandardCharsets;
import java.util.List;
import java.util.Optional;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class CallbackTest {
    private static Optional<Callback> read(String body) {
        return Callback.read(body.replace('\'', '"').getBytes(StandardCharsets.UTF_8));
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "{'event_type':'image.task.terminal','status':'OK','payload':{'status':'completed','outputs':['https://a/b']},'error':null}",
                "{'status':'OK','payload':{'status':'succeeded','outputs':[{'url':'https://a/b'}]}}",
                "{'status':'OK','payload':{'status':'Completed','output':{'image_url':'https://a/b'}}}",
                "{'payload':{'status':'done','files':['https://a/b']}}"
            })
    void outputsAreFoundWhereAPollFindsThem(String body) {
        assertThat(read(body)).contains(new Callback.Generated(List.of("https://a/b")));
    }

    @ParameterizedTest
    @ValueSource(strings = {"failed", "timeout", "cancelled"})
    void onlyAWordForFailureIsOne(String word) {
        assertThat(read("{'status':'ERROR','payload':{'status':'" + word + "','outputs':[]},'error':'no\\nlight'}"))
                .contains(new Callback.Failed("no light"));
        assertThat(read("{'status':'ERROR','payload':{'status':'" + word + "'}}"))
                .contains(new Callback.Failed("the provider gives no reason"));
    }

    /** To take one of these for a failure would pay for the job again. */
    @ParameterizedTest
    @ValueSource(
            strings = {
                "{'status':'OK','payload':{'status':'completed','outputs':[]},'error':null}",
                "{'status':'ERROR','payload':{'status':'completed','outputs':['https://a/b']}}",
                "{'status':'ERROR','payload':{},'error':'no'}",
                "{'status':'OK','payload':{'status':'processing'}}",
                "{'event_type':'image.task.progress','status':'OK','payload':{'status':'failed'}}"
            })
    void whateverIsNotClearIsAskedFor(String body) {
        assertThat(read(body)).contains(new Callback.Unclear());
    }

    @Test
    void aLongReasonIsCut() {
        String body = "{'status':'ERROR','payload':{'status':'failed'},'error':'" + "x".repeat(100_000) + "'}";
        assertThat(read(body))
                .hasValueSatisfying(callback ->
                        assertThat(((Callback.Failed) callback).message()).hasSizeLessThan(600));
    }

    @Test
    void whatHasNoPayloadIsNoCallback() {
        assertThat(read("{}")).isEmpty();
        assertThat(read("nothing")).isEmpty();
        assertThat(read("")).isEmpty();
    }
}
