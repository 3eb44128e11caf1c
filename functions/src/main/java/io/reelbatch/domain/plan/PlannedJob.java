package io.reelbatch.domain.plan;

import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import com.fasterxml.jackson.databind.node.TextNode;
import java.math.BigDecimal;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.function.Function;

/**
 * One job, fully decided before anything is paid: what is sent, where the file goes, what it should cost.
 *
 * @param index position in the config, from 0
 * @param id the user's own identifier, where the config gives one
 * @param name the user's name for it, any Unicode
 * @param model the provider's model id
 * @param endpoint last path segment of the submit call: {@code generateImage}, {@code generateVideo} or {@code generateAudio}
 * @param request the JSON body of the submit call, model and prompt included
 * @param basePath file name under the output folder without its extension, such as {@code images/hero_shot}
 * @param price expected price, USD
 * @param priceGuessed whether the model has no listed price, so that {@code price} is the flat guess
 * @param expected generation time to expect; the longest are started first
 * @param timeout how long to wait for the generation after it was accepted
 * @param retries new attempts after a generation that the provider reports as failed
 * @param maxQueueWait how long the job may be throttled before it fails
 * @param warnings what was adapted, one sentence each
 * @param inputs images that the provider must be handed first; absent in older records
 * @param sources images that other jobs make first; absent in older records
 * @param chain its place among them; empty for a job that needs none and that none needs
 * @param permit whether it runs only with one of the batch's permits, since a chain may run several jobs at once
 * @param variation which take it is, from 1, of a job with variations
 */
public record PlannedJob(
        int index,
        Optional<String> id,
        String name,
        JobType type,
        String model,
        String endpoint,
        ObjectNode request,
        String basePath,
        BigDecimal price,
        boolean priceGuessed,
        Duration expected,
        Duration timeout,
        int retries,
        Duration maxQueueWait,
        List<String> warnings,
        List<InputImage> inputs,
        List<SourceImage> sources,
        Optional<ChainPlace> chain,
        boolean permit,
        Optional<Integer> variation) {
    public PlannedJob {
        warnings = List.copyOf(warnings);
        inputs = inputs == null ? List.of() : List.copyOf(inputs);
        sources = sources == null ? List.of() : List.copyOf(sources);
    }

    /** A single take of a job that is connected with no other. */
    public PlannedJob(
            int index,
            Optional<String> id,
            String name,
            JobType type,
            String model,
            String endpoint,
            ObjectNode request,
            String basePath,
            BigDecimal price,
            boolean priceGuessed,
            Duration expected,
            Duration timeout,
            int retries,
            Duration maxQueueWait,
            List<String> warnings,
            List<InputImage> inputs) {
        this(
                index,
                id,
                name,
                type,
                model,
                endpoint,
                request,
                basePath,
                price,
                priceGuessed,
                expected,
                timeout,
                retries,
                maxQueueWait,
                warnings,
                inputs,
                List.of(),
                Optional.empty(),
                false,
                Optional.empty());
    }

    /** The same job in a chain, or with a permit. */
    public PlannedJob placed(Optional<ChainPlace> place, boolean withPermit) {
        return copy(request, inputs, sources, place, withPermit);
    }

    /** The same job with the images of its sources as inputs of its own. */
    public PlannedJob withSources(Function<SourceImage, InputImage> images) {
        if (sources.isEmpty()) {
            return this;
        }
        ObjectNode body = request.deepCopy();
        List<InputImage> all = new ArrayList<>(inputs);
        for (SourceImage source : sources) {
            InputImage image = images.apply(source);
            replace(body, source.param(), source.marker(), image.marker());
            all.add(image);
        }
        return copy(body, all, List.of(), chain, permit);
    }

    private PlannedJob copy(
            ObjectNode body,
            List<InputImage> images,
            List<SourceImage> from,
            Optional<ChainPlace> place,
            boolean withPermit) {
        return new PlannedJob(
                index,
                id,
                name,
                type,
                model,
                endpoint,
                body,
                basePath,
                price,
                priceGuessed,
                expected,
                timeout,
                retries,
                maxQueueWait,
                warnings,
                images,
                from,
                place,
                withPermit,
                variation);
    }

    /** The body of the submit call, with something else in the place of each input image's marker. */
    public ObjectNode requestWith(Function<InputImage, String> replacement) {
        ObjectNode body = request.deepCopy();
        inputs.forEach(input -> replace(body, input.param(), input.marker(), replacement.apply(input)));
        return body;
    }

    private static void replace(ObjectNode body, String param, String marker, String value) {
        if (body.path(param) instanceof ArrayNode list) {
            for (int i = 0; i < list.size(); i++) {
                if (list.path(i).asText().equals(marker)) {
                    list.set(i, TextNode.valueOf(value));
                }
            }
        } else {
            body.put(param, value);
        }
    }

    /**
     * The name of one of its outputs, without the extension: a hyphen keeps the further ones apart from other jobs'.
     *
     * @param number from 0
     */
    public String basePath(int number) {
        return basePath + (number == 0 ? "" : "-" + (number + 1));
    }

    /** The prompt as sent. */
    public String prompt() {
        return request.path("prompt").asText();
    }
}
