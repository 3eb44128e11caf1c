package io.reelbatch.adapters.provider;

import static com.github.tomakehurst.wiremock.client.WireMock.aResponse;
import static com.github.tomakehurst.wiremock.client.WireMock.any;
import static com.github.tomakehurst.wiremock.client.WireMock.anyUrl;
import static com.github.tomakehurst.wiremock.core.WireMockConfiguration.wireMockConfig;

import com.fasterxml.jackson.databind.node.ObjectNode;
import com.github.tomakehurst.wiremock.client.ResponseDefinitionBuilder;
import com.github.tomakehurst.wiremock.junit5.WireMockExtension;
import io.reelbatch.domain.job.BatchSettings.ProviderApi;
import io.reelbatch.domain.json.Json;
import io.reelbatch.domain.provider.ApiKey;
import io.reelbatch.domain.provider.PollAnswer;
import io.reelbatch.domain.provider.SubmitAnswer;
import java.net.URI;
import java.time.Clock;
import java.time.Duration;
import java.time.Instant;
import java.time.ZoneOffset;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.extension.RegisterExtension;

/** A provider that answers what a test says, and a client that talks to it. */
abstract class ProviderTestBase {
    static final String KEY = "apikey-0123456789abcdef";
    static final Duration TIMEOUT = Duration.ofSeconds(10);
    static final Instant NOW = Instant.parse("2026-11-02T08:00:00Z");

    @RegisterExtension
    static final WireMockExtension SERVER = WireMockExtension.newInstance()
            .options(wireMockConfig().dynamicPort())
            .build();

    private final List<ProviderClient> clients = new ArrayList<>();

    @AfterEach
    void closeClients() {
        clients.forEach(ProviderClient::close);
    }

    static URI base() {
        return URI.create(SERVER.baseUrl() + "/api/v1");
    }

    static ProviderSettings settings(URI base, ProviderApi api) {
        return ProviderSettings.of(base, () -> ApiKey.of(KEY), api).withClock(Clock.fixed(NOW, ZoneOffset.UTC));
    }

    ProviderClient client(ProviderSettings settings) {
        ProviderClient client = new ProviderClient(settings);
        clients.add(client);
        return client;
    }

    ProviderClient client() {
        return client(settings(base(), ProviderApi.ATLAS));
    }

    static void answers(int status, String body) {
        answers(aResponse().withStatus(status).withBody(body).withHeader("Content-Type", "application/json"));
    }

    static void answers(ResponseDefinitionBuilder response) {
        SERVER.stubFor(any(anyUrl()).willReturn(response));
    }

    static ObjectNode body() {
        return Json.mapper()
                .createObjectNode()
                .put("model", "black-forest-labs/flux-2-pro/text-to-image")
                .put("prompt", "a lighthouse");
    }

    SubmitAnswer submit() {
        return client().submit("generateImage", body(), TIMEOUT);
    }

    PollAnswer poll() {
        return client().poll("pred-1", Optional.empty());
    }
}
