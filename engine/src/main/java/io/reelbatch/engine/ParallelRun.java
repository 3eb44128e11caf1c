package io.reelbatch.engine;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ArrayNode;
import io.reelbatch.engine.asl.QueryException;
import io.reelbatch.engine.asl.State;
import java.util.ArrayList;
import java.util.List;

/** The branches of a Parallel at work. */
final class ParallelRun implements Branch.Work {
    private final Branch parent;
    private final Visit visit;
    private final State.Parallel parallel;
    private final List<Branch> branches = new ArrayList<>();
    private final JsonNode[] outputs;
    private int open;
    private boolean over;

    ParallelRun(Branch parent, Visit visit, State.Parallel parallel) {
        this.parent = parent;
        this.visit = visit;
        this.parallel = parallel;
        this.outputs = new JsonNode[parallel.branches().size()];
        this.open = outputs.length;
    }

    @Override
    public void begin() throws QueryException {
        JsonNode input =
                parallel.arguments().isPresent() ? parallel.arguments().get().evaluate(visit) : visit.input;
        long started = parent.record("ParallelStateStarted");
        for (int i = 0; i < outputs.length; i++) {
            Variables variables = new Variables(parent.variables());
            Branch branch =
                    new Branch(parent.run(), parallel.branches().get(i), variables, parent.mapContext(), new Ending(i));
            branches.add(branch);
            branch.start(input, started);
        }
    }

    @Override
    public void cancel() {
        over = true;
        branches.forEach(Branch::cancel);
    }

    @Override
    public void abort() {
        over = true;
        branches.forEach(Branch::abort);
    }

    private final class Ending implements Branch.Completion {
        private final int index;

        Ending(int index) {
            this.index = index;
        }

        @Override
        public void succeeded(JsonNode output, long lastEvent) {
            outputs[index] = output;
            if (--open == 0 && !over) {
                parent.continueFrom(lastEvent);
                parent.recordAside("ParallelStateSucceeded");
                ArrayNode result = Json.MAPPER.createArrayNode();
                result.addAll(List.of(outputs));
                parent.succeeded(visit, parallel.outcome(), result);
            }
        }

        @Override
        public void failed(Failure failure, long lastEvent) {
            if (!over) {
                abort();
                parent.continueFrom(lastEvent);
                parent.failed(visit, failure, "ParallelStateFailed");
            }
        }
    }
}
