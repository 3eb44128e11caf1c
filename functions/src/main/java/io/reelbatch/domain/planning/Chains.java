package io.reelbatch.domain.planning;

import io.reelbatch.domain.plan.ChainPlace;
import io.reelbatch.domain.plan.PlannedJob;
import io.reelbatch.domain.plan.SourceImage;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.HashSet;
import java.util.List;
import java.util.Optional;
import java.util.Queue;
import java.util.Set;

/** Which jobs are connected by their images, and in which order each such chain runs. */
final class Chains {
    /** One child execution runs a whole chain, and has 25,000 events to do it in. */
    private static final int MOST_JOBS = 200;

    private static final String FIELD = "image";

    private final List<PlannedJob> jobs;
    private final Problems problems;
    private final int[] chain;
    private final int[] level;

    /** Takes what is wrong with a job. */
    @FunctionalInterface
    interface Problems {
        void add(int job, String field, String message);
    }

    /** @param jobs all of the batch, each at its index */
    Chains(List<PlannedJob> jobs, Problems problems) {
        this.jobs = jobs;
        this.problems = problems;
        this.chain = new int[jobs.size()];
        this.level = new int[jobs.size()];
    }

    /** The jobs, each with its place if it has one. */
    List<PlannedJob> placed() {
        if (jobs.stream().allMatch(job -> job.sources().isEmpty())) {
            return jobs;
        }
        connect();
        level();
        int[] sizes = new int[jobs.size()];
        for (PlannedJob job : jobs) {
            int root = root(job.index());
            if (++sizes[root] == MOST_JOBS + 1) {
                tooLong(root);
            }
        }
        return jobs.stream()
                .map(job -> sizes[root(job.index())] == 1
                        ? job
                        : job.placed(Optional.of(new ChainPlace(root(job.index()), level[job.index()])), job.permit()))
                .toList();
    }

    /** After this every job leads to the first of its chain. */
    private void connect() {
        Arrays.setAll(chain, i -> i);
        for (PlannedJob job : jobs) {
            for (SourceImage source : job.sources()) {
                int a = root(job.index());
                int b = root(source.job());
                chain[Math.max(a, b)] = Math.min(a, b);
            }
        }
    }

    private int root(int job) {
        int at = job;
        while (chain[at] != at) {
            chain[at] = chain[chain[at]];
            at = chain[at];
        }
        return at;
    }

    /** Takes away what needs nothing more, again and again; what stays goes in circles, or needs what does. */
    private void level() {
        int[] needed = new int[jobs.size()];
        List<List<Integer>> needers = new ArrayList<>();
        jobs.forEach(job -> needers.add(new ArrayList<>(0)));
        for (PlannedJob job : jobs) {
            job.sources().forEach(source -> needers.get(source.job()).add(job.index()));
            needed[job.index()] = job.sources().size();
        }
        Queue<Integer> ready = new ArrayDeque<>();
        jobs.stream().filter(job -> job.sources().isEmpty()).forEach(job -> ready.add(job.index()));
        int done = 0;
        for (Integer next = ready.poll(); next != null; next = ready.poll()) {
            done++;
            for (int needer : needers.get(next)) {
                level[needer] = Math.max(level[needer], level[next] + 1);
                if (--needed[needer] == 0) {
                    ready.add(needer);
                }
            }
        }
        if (done < jobs.size()) {
            circles(needed);
        }
    }

    private void circles(int[] needed) {
        Set<Integer> told = new HashSet<>();
        for (PlannedJob job : jobs) {
            List<Integer> way = new ArrayList<>();
            int at = job.index();
            while (needed[at] > 0 && told.add(at)) {
                way.add(at);
                at = stuck(at, needed);
            }
            int from = way.indexOf(at);
            if (from >= 0) {
                circle(way.subList(from, way.size()));
            }
        }
    }

    /** The first source of a job that never gets ready. */
    private int stuck(int job, int[] needed) {
        return jobs.get(job).sources().stream()
                .map(SourceImage::job)
                .filter(source -> needed[source] > 0)
                .findFirst()
                .orElseThrow();
    }

    private void circle(List<Integer> way) {
        StringBuilder names = new StringBuilder();
        way.forEach(job -> names.append('"').append(jobs.get(job).name()).append("\" needs "));
        names.append('"').append(jobs.get(way.get(0)).name()).append('"');
        problems.add(way.get(0), FIELD, "goes in a circle: " + names + "; one of them must start without the others");
    }

    private void tooLong(int root) {
        long size = jobs.stream().filter(job -> root(job.index()) == root).count();
        int first = jobs.stream()
                .filter(job -> root(job.index()) == root && !job.sources().isEmpty())
                .findFirst()
                .orElseThrow()
                .index();
        problems.add(
                first,
                FIELD,
                "connects " + size + " jobs into one chain, and a chain has at most " + MOST_JOBS
                        + "; let fewer jobs share an image, or put the image in as a file");
    }
}
