package io.reelbatch.domain.planning;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.JsonNodeFactory;
import com.fasterxml.jackson.databind.node.ObjectNode;
import io.reelbatch.domain.catalog.Catalog;
import io.reelbatch.domain.catalog.DurationRule;
import io.reelbatch.domain.catalog.Model;
import io.reelbatch.domain.catalog.ResolutionRule;
import io.reelbatch.domain.catalog.SizeRule;
import io.reelbatch.domain.config.BatchConfig;
import io.reelbatch.domain.config.ConfigProblem;
import io.reelbatch.domain.config.JobConfig;
import io.reelbatch.domain.plan.InputImage;
import io.reelbatch.domain.plan.JobType;
import io.reelbatch.domain.plan.SourceImage;
import io.reelbatch.domain.planning.Takes.Take;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/**
 * Makes the request of one job: friendly fields become the model's own parameters.
 *
 * <p>A value the model does not take is replaced by the nearest one that it does, if the value is our default; with a
 * warning, if published configs use it; otherwise it is a problem. Anything is allowed under {@code params}, and takes
 * precedence.
 */
final class RequestMapper {
    private static final int DEFAULT_SIDE = 1024;
    private static final int DEFAULT_SECONDS = 5;
    private static final String DEFAULT_RESOLUTION = "1080p";

    private final Catalog catalog;
    private final BatchConfig config;
    private final Take take;
    private final JobConfig job;
    private final Model model;
    private final List<ConfigProblem> problems;
    private final List<String> warnings = new ArrayList<>();
    private final InputMapper inputs;
    private final ObjectNode params;
    private final ObjectNode request = JsonNodeFactory.instance.objectNode();

    /**
     * What became of a job's fields.
     *
     * @param body the request
     * @param seconds length of the video that is paid for: what was asked for, not what the model makes of it
     * @param warnings what was adapted, one sentence each
     * @param inputs images whose markers stand in the request
     * @param sources images that other jobs make, whose markers stand there too
     */
    record Mapped(
            ObjectNode body, int seconds, List<String> warnings, List<InputImage> inputs, List<SourceImage> sources) {}

    private RequestMapper(
            Catalog catalog,
            BatchConfig config,
            Take take,
            Takes takes,
            Model model,
            InputFinder finder,
            List<ConfigProblem> problems) {
        this.catalog = catalog;
        this.config = config;
        this.take = take;
        this.job = take.job();
        this.model = model;
        this.problems = problems;
        this.params = typed(job.params());
        this.inputs = new InputMapper(
                take,
                takes,
                config.api(),
                finder,
                new InputMapper.Remarks() {
                    @Override
                    public void problem(String field, String message) {
                        RequestMapper.this.problem(field, message);
                    }

                    @Override
                    public void warn(String message) {
                        RequestMapper.this.warn(message);
                    }

                    @Override
                    public void placed(String field, String param) {
                        conflict(List.of(param), field);
                    }
                },
                request);
    }

    static Mapped map(
            Catalog catalog,
            BatchConfig config,
            Take take,
            Takes takes,
            Model model,
            InputFinder finder,
            List<ConfigProblem> problems) {
        return new RequestMapper(catalog, config, take, takes, model, finder, problems).map();
    }

    private Mapped map() {
        request.put("model", job.model()).put("prompt", job.prompt());
        request.setAll(model.always());
        size();
        duration();
        resolution();
        inputs.map(model);
        params();
        seed();
        return new Mapped(request, paidSeconds(), warnings, inputs.inputs(), inputs.sources());
    }

    private void size() {
        boolean asked = job.width().isPresent() || job.height().isPresent();
        if (!asked && job.type() == JobType.VIDEO) {
            return;
        }
        if (model.size().isEmpty()) {
            if (asked) {
                problem(
                        job.width().isPresent() ? "width" : "height",
                        "cannot be chosen for " + job.model() + "; remove it");
            }
            return;
        }
        size(model.size().get(), asked);
    }

    private void size(SizeRule rule, boolean asked) {
        int width = job.width().orElse(DEFAULT_SIDE);
        int height = job.height().orElse(DEFAULT_SIDE);
        boolean both = job.width().isPresent() && job.height().isPresent();
        if (both && !rule.allows(width, height)) {
            problem(
                    "width",
                    width + "x" + height + " is not a size of " + job.model() + ", which takes " + rule.allowed());
            return;
        }
        String sent = rule.apply(request, width, height);
        if (!asked) {
            return;
        }
        conflict(rule.params(), "width and height");
        if (!rule.allowed().isEmpty()) {
            warn("size " + width + "x" + height + " is sent as aspect ratio " + sent
                    + "; the model chooses the pixels");
        }
    }

    private void duration() {
        if (model.duration().isEmpty()) {
            leftOut("duration", job.duration().isPresent());
            return;
        }
        DurationRule rule = model.duration().get();
        int asked = job.duration().orElse(DEFAULT_SECONDS);
        int sent = rule.nearest(asked);
        if (job.duration().isPresent() && sent != asked) {
            if (!catalog.isPublishedDuration(asked)) {
                problem(
                        "duration",
                        asked + " seconds is not a length of " + job.model() + ", which takes " + rule.allowed());
                return;
            }
            warn("duration " + asked + " s is sent as " + sent + " s (the model takes " + rule.allowed()
                    + ") and priced as " + asked + " s");
        }
        request.put(rule.param(), sent);
        if (job.duration().isPresent()) {
            conflict(List.of(rule.param()), "duration");
        }
    }

    private void resolution() {
        if (model.resolution().isEmpty()) {
            leftOut("resolution", job.resolution().isPresent());
            return;
        }
        ResolutionRule rule = model.resolution().get();
        String asked = job.resolution().orElse(DEFAULT_RESOLUTION);
        Optional<String> exact = rule.exact(asked);
        String sent = exact.orElseGet(() -> rule.nearest(asked));
        if (job.resolution().isPresent() && exact.isEmpty()) {
            if (!catalog.isPublishedResolution(asked)) {
                problem(
                        "resolution",
                        asked + " is not a resolution of " + job.model() + ", which takes " + rule.allowed());
                return;
            }
            warn("resolution " + asked + " is sent as " + sent + " (the model takes " + rule.allowed() + ")");
        }
        request.put(rule.param(), sent);
        if (job.resolution().isPresent()) {
            conflict(List.of(rule.param()), "resolution");
        }
    }

    /** Each take has a seed of its own, where the model takes one. */
    private void seed() {
        if (take.variation().isEmpty()) {
            return;
        }
        int before = take.variation().get() - 1;
        JsonNode given = params.path("seed");
        if (given.isMissingNode() && model.seed()) {
            request.put("seed", before);
        } else if (given.isIntegralNumber() && given.canConvertToLong() && given.longValue() >= 0) {
            request.put("seed", given.longValue() + before);
        } else if (!given.isMissingNode()) {
            problem(
                    "params.seed",
                    "must be a whole number from 0 on where there are variations: each take gets the next one (is "
                            + given.asText() + ")");
        }
    }

    /** Users of the tutorial may leave a video's field on an image: it did nothing there, and does nothing here. */
    private void leftOut(String field, boolean asked) {
        if (!asked) {
            return;
        }
        if (job.type() == JobType.IMAGE) {
            warn(field + " is for videos only and left out");
        } else {
            problem(field, "cannot be chosen for " + job.model() + "; remove it");
        }
    }

    private void params() {
        for (Map.Entry<String, JsonNode> param : params.properties()) {
            request.set(param.getKey(), param.getValue());
        }
    }

    /** A table's cell is text: where the catalog knows that the model takes no text, it becomes what the model takes. */
    private ObjectNode typed(ObjectNode given) {
        ObjectNode typed = given.deepCopy();
        for (Map.Entry<String, JsonNode> param : given.properties()) {
            Optional<ParamType> type = ParamType.of(model, param.getKey());
            if (param.getValue().isTextual() && type.isPresent()) {
                String text = param.getValue().textValue();
                type.get()
                        .parse(text)
                        .ifPresentOrElse(
                                value -> typed.set(param.getKey(), value),
                                () -> problem(
                                        "params." + param.getKey(), type.get().must(text)));
            }
        }
        return typed;
    }

    private void conflict(List<String> sent, String field) {
        for (String param : sent) {
            JsonNode given = params.get(param);
            if (given != null && !given.equals(request.get(param))) {
                warn("params." + param + " goes before " + field);
            }
        }
    }

    private int paidSeconds() {
        JsonNode given = params.path(model.duration().map(DurationRule::param).orElse("duration"));
        // Some models take their seconds as text.
        int seconds = given.canConvertToInt() ? given.intValue() : given.asInt();
        return seconds > 0 ? seconds : job.duration().orElse(DEFAULT_SECONDS);
    }

    private void warn(String text) {
        warnings.add(job.model() + ": " + text);
    }

    private void problem(String field, String message) {
        problems.add(config.problem(job, field, message));
    }
}
