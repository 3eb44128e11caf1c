package io.reelbatch.domain.planning;

import io.reelbatch.domain.catalog.Catalog;
import io.reelbatch.domain.catalog.Model;
import io.reelbatch.domain.catalog.Price;
import io.reelbatch.domain.config.BatchConfig;
import io.reelbatch.domain.config.ConfigProblem;
import io.reelbatch.domain.config.ConfigReader;
import io.reelbatch.domain.config.InvalidConfigException;
import io.reelbatch.domain.config.JobConfig;
import io.reelbatch.domain.config.Suggestion;
import io.reelbatch.domain.job.BatchSettings.ProviderApi;
import io.reelbatch.domain.plan.JobType;
import io.reelbatch.domain.plan.PlannedJob;
import io.reelbatch.domain.plan.WorkList;
import io.reelbatch.domain.plan.WorkList.Work;
import io.reelbatch.domain.planning.Estimate.ModelEstimate;
import io.reelbatch.domain.planning.Takes.Take;
import java.math.BigDecimal;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.stream.IntStream;

/** Decides everything about a batch before anything is paid. */
public final class Planner {
    private final BatchConfig config;
    private final Catalog catalog;
    private final InputFinder inputs;
    private final Takes takes;
    private final Map<String, Map<JobType, Model>> models = new HashMap<>();
    private final List<ConfigProblem> problems = new ArrayList<>();

    private Planner(BatchConfig config, Catalog catalog, InputFinder inputs) {
        this.config = config;
        this.takes = new Takes(config);
        this.catalog = catalog.withPrices(config.prices());
        Map<String, InputFinder.Found> found = new HashMap<>();
        this.inputs = reference -> found.computeIfAbsent(reference, inputs::find);
    }

    /**
     * Plans a batch.
     *
     * @param catalog what to know of models; the config's own prices go before its
     * @param inputs looks at the input images
     * @throws InvalidConfigException with every value that a job's model does not take
     */
    public static Plan plan(BatchConfig config, Catalog catalog, InputFinder inputs) {
        return new Planner(config, catalog, inputs).plan();
    }

    /**
     * Reads and plans a batch.
     *
     * @param fileName what to call the file in messages
     * @param inputs looks at the input images
     * @throws InvalidConfigException with everything that is wrong, whether reading or planning finds it
     */
    public static Plan plan(ConfigReader reader, String fileName, byte[] content, Catalog catalog, InputFinder inputs) {
        try {
            return plan(reader.read(fileName, content, inputs), catalog, inputs);
        } catch (InvalidConfigException e) {
            List<ConfigProblem> problems = new ArrayList<>(e.problems());
            e.readable().ifPresent(readable -> problems.addAll(problems(readable, catalog, inputs)));
            throw new InvalidConfigException(problems, Optional.empty());
        }
    }

    private static List<ConfigProblem> problems(BatchConfig config, Catalog catalog, InputFinder inputs) {
        Planner planner = new Planner(config, catalog, inputs);
        planner.jobs();
        return planner.problems;
    }

    private Plan plan() {
        List<PlannedJob> jobs = jobs();
        if (!problems.isEmpty()) {
            throw new InvalidConfigException(problems, Optional.empty());
        }
        Estimate estimate = estimate(jobs);
        WorkList work = new WorkList();
        jobs.forEach(job -> work.add(job, job.expected()));
        return new Plan(
                config.settings(),
                permitted(jobs, work.inOrder()),
                startOrder(work),
                estimate,
                warnings(jobs, estimate));
    }

    /** Where a chain may run several jobs at once, so that the Map cannot count them, each needs a permit. */
    private List<PlannedJob> permitted(List<PlannedJob> jobs, List<Work> work) {
        boolean counted = work.stream().allMatch(one -> one.width() == 1);
        int atOnce = work.stream().mapToInt(Work::width).sum();
        return counted || atOnce <= config.maxWorkers()
                ? jobs
                : jobs.stream().map(job -> job.placed(job.chain(), true)).toList();
    }

    private List<PlannedJob> jobs() {
        List<Take> all = takes.all();
        List<String> paths = paths();
        List<PlannedJob> jobs = new ArrayList<>(all.size());
        for (int i = 0; i < all.size(); i++) {
            jobs.add(plan(i, all.get(i), paths.get(i)));
        }
        return new Chains(
                        jobs,
                        (index, field, message) ->
                                problems.add(config.problem(all.get(index).job(), field, message)))
                .placed();
    }

    private PlannedJob plan(int index, Take take, String path) {
        JobConfig job = take.job();
        Model model = model(job);
        Optional<ConfigProblem> misfit = misfit(job, model);
        misfit.ifPresent(problems::add);
        RequestMapper.Mapped request = RequestMapper.map(
                catalog, config, take, takes, model, inputs, misfit.isPresent() ? new ArrayList<>() : problems);
        return new PlannedJob(
                index,
                job.id(),
                job.name(),
                job.type(),
                job.model(),
                model.endpoint(),
                request.body(),
                path,
                model.price().of(request.seconds()),
                model.price().guessed(),
                model.expected(),
                job.timeout(),
                job.retries(),
                job.maxQueueWait(),
                request.warnings(),
                request.inputs(),
                request.sources(),
                Optional.empty(),
                false,
                take.variation());
    }

    /** Why a model is not for such a job at all. */
    private Optional<ConfigProblem> misfit(JobConfig job, Model model) {
        if (model.kind() != job.type()) {
            String message = "is " + job.type().word() + ", but " + job.model() + " makes " + one(model.kind());
            return Optional.of(config.problem(job, "type", message));
        }
        if (!model.price().unit().fits(job.type())) {
            String message = "has a price " + model.price().unit().field() + " ("
                    + model.price().source() + "), which does not fit " + one(job.type());
            return Optional.of(config.problem(job, "model", message));
        }
        return Optional.empty();
    }

    private static String one(JobType type) {
        return type == JobType.IMAGE ? "an image" : "a video";
    }

    private Model model(JobConfig job) {
        return models.computeIfAbsent(job.model(), id -> new HashMap<>()).computeIfAbsent(job.type(), type -> {
            Model model = catalog.model(job.model(), type);
            return config.api() == ProviderApi.TUTORIAL ? model.withPlainParameters() : model;
        });
    }

    private List<String> paths() {
        List<Take> all = takes.all();
        String[] paths = new String[all.size()];
        for (JobType type : JobType.values()) {
            List<Integer> indexes = IntStream.range(0, paths.length)
                    .filter(i -> all.get(i).job().type() == type)
                    .boxed()
                    .toList();
            List<String> names =
                    indexes.stream().map(i -> all.get(i).job().name()).toList();
            List<String> slugs = Slugs.of(names, indexes);
            for (int i = 0; i < slugs.size(); i++) {
                paths[indexes.get(i)] = type.folder() + "/" + slugs.get(i);
            }
        }
        return List.of(paths);
    }

    private Estimate estimate(List<PlannedJob> jobs) {
        Map<String, ModelEstimate> byModel = new LinkedHashMap<>();
        BigDecimal total = BigDecimal.ZERO;
        for (int i = 0; i < jobs.size(); i++) {
            PlannedJob job = jobs.get(i);
            total = total.add(job.price());
            ModelEstimate one = new ModelEstimate(
                    job.model(), 1, job.price(), model(takes.all().get(i).job()).price());
            byModel.merge(
                    job.model(),
                    one,
                    (sum, added) -> new ModelEstimate(
                            sum.model(), sum.jobs() + 1, Price.tidy(sum.cost().add(added.cost())), sum.price()));
        }
        return new Estimate(Price.tidy(total), List.copyOf(byModel.values()));
    }

    private static List<Integer> startOrder(WorkList work) {
        return work.inOrder().stream()
                .flatMap(one -> one.levels().stream().flatMap(List::stream))
                .toList();
    }

    private List<String> warnings(List<PlannedJob> jobs, Estimate estimate) {
        List<String> sentences = new ArrayList<>();
        for (ModelEstimate model : estimate.models()) {
            if (model.price().guessed()) {
                sentences.add(guess(model));
            }
        }
        Map<String, Integer> counts = new LinkedHashMap<>();
        jobs.forEach(job -> job.warnings().forEach(warning -> counts.merge(warning, 1, Integer::sum)));
        counts.forEach((warning, count) -> sentences.add(warning + count(count)));
        return sentences;
    }

    private String guess(ModelEstimate model) {
        String near = catalog.ids().contains(model.model())
                ? ""
                : Suggestion.nearest(model.model(), catalog.ids())
                        .map(id -> "; did you mean " + id + "?")
                        .orElse("");
        return model.model() + ": no price is known, so " + model.price().of(1) + " USD "
                + model.price().unit().words() + " is a guess" + near + count(model.jobs());
    }

    private static String count(int jobs) {
        return jobs == 1 ? " (1 job)" : " (" + jobs + " jobs)";
    }
}
