package io.reelbatch.cli;

import com.fasterxml.jackson.databind.node.ObjectNode;
import io.reelbatch.domain.json.Json;
import java.io.IOException;
import java.io.PrintStream;
import java.util.concurrent.Callable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Option;
import picocli.CommandLine.Parameters;

/** {@code reelbatch verify}. */
@Command(
        name = "verify",
        description = "Checks every file of a batch against its manifest: there, length, sha256, type.",
        exitCodeListHeading = "%nExit status:%n",
        exitCodeList = {
            "0:every file is what the manifest says",
            "2:there is no manifest",
            "3:files are missing or differ"
        },
        footerHeading = "%nExamples:%n",
        footer = {
            "  reelbatch verify weekly_content",
            "  reelbatch verify s3://my-bucket/batches/20261123-080000-1a2b3c4d"
        })
final class VerifyCommand implements Callable<Integer> {
    @Parameters(paramLabel = "DIR|s3://…", description = "the batch's folder, here or in a bucket")
    @SuppressWarnings("NullAway.Init") // picocli sets it
    private String place;

    @Option(names = "--json", description = "print one JSON object on stdout")
    private boolean json;

    @Override
    @SuppressWarnings("SystemOut") // the answer goes to stdout
    public Integer call() throws IOException {
        try (OutputFiles files = OutputFiles.at(place, System.getenv())) {
            Verification.Result result = Verification.of(files, place);
            int status = result.problems().isEmpty() ? ExitStatus.OK : ExitStatus.FAILED_JOBS;
            if (json) {
                ObjectNode answer = Json.mapper().valueToTree(result);
                System.out.println(answer.put("exit_status", status));
            } else {
                tell(result, System.out);
            }
            return status;
        }
    }

    private static void tell(Verification.Result result, PrintStream out) {
        for (Verification.Problem problem : result.problems()) {
            out.println(problem.path() + ": " + problem.problem() + " ("
                    + problem.name().replaceAll("\\p{Cntrl}", " ") + ")");
        }
        String files = result.checked() == 1 ? "1 file" : result.checked() + " files";
        out.println(files + " checked, "
                + (result.problems().isEmpty()
                        ? "all as the manifest says"
                        : result.problems().size() + " missing or different")
                + (result.withoutFile() == 0 ? "" : "; " + result.withoutFile() + " failed jobs have none"));
        if (!result.problems().isEmpty()) {
            out.println("Restore them from a copy: they are paid for, and `retry` makes only what failed.");
        }
    }
}
