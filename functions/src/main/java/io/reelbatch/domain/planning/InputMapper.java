package io.reelbatch.domain.planning;

import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import io.reelbatch.domain.catalog.ImageRule;
import io.reelbatch.domain.catalog.Model;
import io.reelbatch.domain.config.InputRef;
import io.reelbatch.domain.job.BatchSettings.ProviderApi;
import io.reelbatch.domain.plan.InputImage;
import io.reelbatch.domain.plan.SourceImage;
import io.reelbatch.domain.planning.InputFinder.Found;
import io.reelbatch.domain.planning.Takes.Take;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.regex.Pattern;

/** Puts a job's input images into its request: their addresses, or markers of what is yet to be handed over or made. */
final class InputMapper {
    private static final String IMAGE = "image";
    /** How providers name the models of this kind. */
    private static final Pattern FROM_AN_IMAGE = Pattern.compile("/(image-to-video|image-edit|edit)$");

    private final Take take;
    private final Takes takes;
    private final ProviderApi api;
    private final InputFinder finder;
    private final Remarks remarks;
    private final ObjectNode request;
    private final List<InputImage> inputs = new ArrayList<>();
    private final List<SourceImage> sources = new ArrayList<>();

    /** Collects warnings and problems about a job's images. */
    interface Remarks {
        /** Something wrong with a field. */
        void problem(String field, String message);

        /** Something that may be wrong. */
        void warn(String message);

        /** A field became a parameter, before the model's own parameters are looked at. */
        void placed(String field, String param);
    }

    /**
     * Prepares to map the images of one job.
     *
     * @param takes all jobs of the batch
     * @param remarks takes what is to be said of it
     * @param request where the images go
     */
    InputMapper(Take take, Takes takes, ProviderApi api, InputFinder finder, Remarks remarks, ObjectNode request) {
        this.take = take;
        this.takes = takes;
        this.api = api;
        this.finder = finder;
        this.remarks = remarks;
        this.request = request;
    }

    /** Images to hand over, whose markers stand in the request. */
    List<InputImage> inputs() {
        return inputs;
    }

    /** Images that other jobs make first. */
    List<SourceImage> sources() {
        return sources;
    }

    void map(Model model) {
        if (take.job().images().isEmpty()) {
            missing(model);
        }
        map(IMAGE, model.image(), take.job().images(), "takes no input image");
        map("last_image", model.lastImage(), take.job().lastImage().stream().toList(), "takes no image to end on");
    }

    /** Some of its parameters may be an image under a name that the catalog does not have. */
    private void missing(Model model) {
        if (model.image().isEmpty() || hasImageParam(model)) {
            return;
        }
        if (model.image().get().required()) {
            remarks.problem(
                    IMAGE,
                    "is missing, and " + model.id() + " starts from an image: name a file, an https:// address or"
                            + " {from: NAME OF ANOTHER JOB}");
        } else if (FROM_AN_IMAGE.matcher(model.id()).find()) {
            remarks.warn("no `image` is given, and by its name the model needs one");
        }
    }

    private boolean hasImageParam(Model model) {
        Optional<String> last = model.lastImage().map(ImageRule::param);
        return take.job().params().properties().stream()
                .map(Map.Entry::getKey)
                .anyMatch(param -> param.contains(IMAGE) && !last.equals(Optional.of(param)));
    }

    private void map(String field, Optional<ImageRule> rule, List<InputRef> refs, String none) {
        if (refs.isEmpty()) {
            return;
        }
        if (rule.isEmpty()) {
            remarks.problem(field, take.job().model() + " " + none);
            return;
        }
        if (refs.size() > 1 && !rule.get().list()) {
            remarks.problem(field, take.job().model() + " takes one input image, and these are " + refs.size());
            return;
        }
        String param = rule.get().param();
        if (rule.get().list()) {
            ArrayNode list = request.putArray(param);
            refs.forEach(ref -> value(field, param, ref).ifPresent(list::add));
        } else {
            value(field, param, refs.get(0)).ifPresent(value -> request.put(param, value));
        }
        if (request.has(param)) {
            remarks.placed(field, param);
        }
    }

    /** The value in the request for an image: its address or a marker. */
    private Optional<String> value(String field, String param, InputRef ref) {
        return ref instanceof InputRef.Output output
                ? made(field, param, output)
                : given(field, param, finder.find(((InputRef.Given) ref).text()));
    }

    private Optional<String> made(String field, String param, InputRef.Output output) {
        Takes.Found found = takes.source(take, output);
        found.problem().ifPresent(problem -> remarks.problem(field, problem));
        return found.index().map(index -> {
            SourceImage source = new SourceImage(param, index);
            if (isSent(param)) {
                sources.add(source);
            }
            return source.marker();
        });
    }

    private Optional<String> given(String field, String param, Found found) {
        if (found instanceof Found.Unusable unusable) {
            remarks.problem(field, unusable.why());
            return Optional.empty();
        }
        if (found instanceof Found.Address address) {
            return Optional.of(address.url());
        }
        if (api == ProviderApi.TUTORIAL) {
            remarks.problem(
                    field, "is a file, and a server with `api: tutorial` takes no files; give an https:// address");
            return Optional.empty();
        }
        Found.File file = (Found.File) found;
        InputImage input = new InputImage(param, file.key(), file.sha256(), file.contentType(), file.bytes());
        if (isSent(param)) {
            inputs.add(input);
        }
        return Optional.of(input.marker());
    }

    /** A value among the job's own parameters takes precedence. */
    private boolean isSent(String param) {
        return !take.job().params().has(param);
    }
}
