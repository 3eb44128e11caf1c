import com.sun.net.httpserver.HttpExchange;
import com.sun.net.httpserver.HttpServer;
import java.io.File;
import java.io.IOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.TimeUnit;
import java.util.function.ToLongFunction;

/** Measures how long functions take from the start of their process until they ask for their first event, or for the snapshot. */
public class LambdaInit {
    /** Nothing, as a measure. */
    public static class Empty implements com.amazonaws.services.lambda.runtime.RequestStreamHandler {
        @Override
        public void handleRequest(
                java.io.InputStream in, java.io.OutputStream out, com.amazonaws.services.lambda.runtime.Context context) {}
    }

    private static final Map<String, String> ENVIRONMENT = Map.of(
            "AWS_REGION", "us-east-1",
            "AWS_ACCESS_KEY_ID", "id",
            "AWS_SECRET_ACCESS_KEY", "secret",
            "REELBATCH_TABLE", "table",
            "REELBATCH_BUCKET", "bucket",
            "REELBATCH_STACK", "stack",
            "REELBATCH_API_KEY_SECRET", "secret",
            "REELBATCH_STATE_MACHINE_ARN", "arn:aws:states:us-east-1:123456789012:stateMachine:m");

    private static final List<String> HANDLERS = List.of(
            "StartBatch",
            "PlanBatch",
            "SubmitJob",
            "CheckJob",
            "DownloadOutput",
            "RecordFailure",
            "BuildManifest",
            "GetBatch",
            "Reconcile");

    /** What the steps of a job get; other functions are not sent anything. */
    private static final String STEP = "{\"batchId\":\"-\",\"job\":0}";

    private static final List<String> STEPS = List.of("SubmitJob", "CheckJob", "DownloadOutput", "RecordFailure");

    /** A function, and whether it is prepared for a snapshot as Lambda does it. */
    private record Start(String handler, boolean prepared) {
        boolean isStep() {
            return STEPS.stream().anyMatch(step -> handler.endsWith("." + step));
        }
    }

    /**
     * What a process cost until it asked for an event or was ready for its snapshot, milliseconds twice and kB, and how many
     * milliseconds its first event took, whose record there is not.
     */
    private record Cost(long wall, long processor, long peak, long firstEvent) {}

    public static void main(String[] arguments) throws Exception {
        int runs = Integer.parseInt(arguments[0]);
        List<String> options = Arrays.stream(arguments[1].split(" "))
                .filter(option -> !option.isBlank())
                .toList();
        List<String> handlers = arguments.length == 2 ? HANDLERS : Arrays.asList(arguments).subList(2, arguments.length);
        Map<Start, List<Cost>> all = new LinkedHashMap<>();
        for (boolean prepared : new boolean[] {false, true}) {
            all.put(new Start("LambdaInit$Empty", prepared), new ArrayList<>());
            handlers.forEach(name -> all.put(new Start("io.reelbatch.handlers." + name, prepared), new ArrayList<>()));
        }
        for (int run = 0; run < runs; run++) {
            for (Map.Entry<Start, List<Cost>> start : all.entrySet()) {
                start.getValue().add(measure(start.getKey(), options));
            }
        }
        List<Cost> empty = all.get(new Start("LambdaInit$Empty", false));
        all.forEach((start, costs) -> print(start, costs, empty));
    }

    private static void print(Start start, List<Cost> costs, List<Cost> empty) {
        long wall = median(costs, Cost::wall);
        long processor = median(costs, Cost::processor);
        System.out.printf(
                "%-24s wall %5d ms, %5.2f x empty   processor %5d ms, %5.2f x empty   peak %3d MB%s%n",
                start.handler().replaceAll(".*[.$]", "") + (start.prepared() ? ", prepared" : ""),
                wall,
                (double) wall / median(empty, Cost::wall),
                processor,
                (double) processor / median(empty, Cost::processor),
                median(costs, Cost::peak) / 1024,
                start.isStep() ? "   first event " + median(costs, Cost::firstEvent) + " ms" : "");
    }

    private static long median(List<Cost> costs, ToLongFunction<Cost> column) {
        long[] sorted = costs.stream().mapToLong(column).sorted().toArray();
        return sorted[sorted.length / 2];
    }

    /** Answers like a stack in which there is nothing. */
    private static void answer(HttpExchange exchange) throws IOException {
        try (exchange) {
            exchange.getRequestBody().readAllBytes();
            if (exchange.getRequestMethod().equals("HEAD")) {
                exchange.sendResponseHeaders(404, -1);
                return;
            }
            boolean states = String.valueOf(exchange.getRequestHeaders().getFirst("X-Amz-Target")).startsWith("AWSStep");
            byte[] body = (states ? "{\"__type\":\"ExecutionDoesNotExist\"}" : "{}").getBytes(StandardCharsets.UTF_8);
            exchange.getResponseHeaders().set("Content-Type", "application/x-amz-json-1.0");
            exchange.sendResponseHeaders(states ? 400 : 200, body.length);
            exchange.getResponseBody().write(body);
        }
    }

    /** Plays Lambda's Runtime API for one process: notes when it has started, and sends it an event if it is to have one. */
    private static final class Api {
        private final Start start;
        private final CountDownLatch ready = new CountDownLatch(1);
        private final CountDownLatch measured = new CountDownLatch(1);
        private final CountDownLatch answered = new CountDownLatch(1);
        private volatile boolean sent;
        private volatile long sentAt;
        private volatile long answeredAt;

        Api(Start start) {
            this.start = start;
        }

        void handle(HttpExchange exchange) throws IOException {
            String path = exchange.getRequestURI().getPath();
            exchange.getRequestBody().readAllBytes();
            exchange.getResponseHeaders().set("Content-Type", "application/json");
            if (path.endsWith("/next")) {
                ready.countDown();
                await(measured);
                next(exchange, path.contains("/restore/"));
            } else {
                answeredAt = System.nanoTime();
                answered.countDown();
                exchange.sendResponseHeaders(202, -1);
                exchange.close();
            }
        }

        private void next(HttpExchange exchange, boolean restore) throws IOException {
            if (restore) {
                exchange.sendResponseHeaders(200, -1);
                exchange.close();
            } else if (start.isStep() && !sent) {
                sent = true;
                exchange.getResponseHeaders().set("Lambda-Runtime-Aws-Request-Id", "1");
                exchange.getResponseHeaders()
                        .set("Lambda-Runtime-Deadline-Ms", String.valueOf(System.currentTimeMillis() + 60_000));
                exchange.getResponseHeaders().set("Lambda-Runtime-Invoked-Function-Arn", "arn:aws:lambda:::function:f");
                exchange.sendResponseHeaders(200, STEP.length());
                sentAt = System.nanoTime();
                exchange.getResponseBody().write(STEP.getBytes(StandardCharsets.UTF_8));
                exchange.close();
            }
        }

        private static void await(CountDownLatch latch) {
            try {
                if (!latch.await(2, TimeUnit.MINUTES)) {
                    throw new IllegalStateException("waited for two minutes");
                }
            } catch (InterruptedException e) {
                Thread.currentThread().interrupt();
            }
        }
    }

    private static Cost measure(Start start, List<String> options) throws Exception {
        Api api = new Api(start);
        HttpServer server = HttpServer.create(new InetSocketAddress(InetAddress.getLoopbackAddress(), 0), 0);
        ExecutorService threads = Executors.newCachedThreadPool();
        server.setExecutor(threads);
        server.createContext("/2018-06-01/", api::handle);
        server.createContext("/", LambdaInit::answer);
        server.start();
        ProcessBuilder builder =
                process(start, options, "127.0.0.1:" + server.getAddress().getPort());
        long begin = System.nanoTime();
        Process process = builder.start();
        try {
            Api.await(api.ready);
            long millis = TimeUnit.NANOSECONDS.toMillis(System.nanoTime() - begin);
            long ticks = ticks(process);
            long peak = peak(process);
            api.measured.countDown();
            if (start.isStep()) {
                Api.await(api.answered);
            }
            return new Cost(millis, ticks * 10, peak, TimeUnit.NANOSECONDS.toMillis(api.answeredAt - api.sentAt));
        } finally {
            process.destroyForcibly().waitFor();
            server.stop(0);
            threads.shutdownNow();
        }
    }

    private static ProcessBuilder process(Start start, List<String> options, String address) {
        List<String> command = new ArrayList<>();
        command.add(Path.of(System.getProperty("java.home"), "bin", "java").toString());
        command.add("-Xmx400m");
        command.add("-Dorg.crac.Core.Compat=com.amazonaws.services.lambda.crac");
        command.addAll(options);
        command.addAll(List.of("-cp", System.getProperty("java.class.path")));
        command.add("com.amazonaws.services.lambda.runtime.api.client.AWSLambda");
        command.add(start.handler() + "::handleRequest");
        ProcessBuilder builder = new ProcessBuilder(command);
        builder.environment().putAll(ENVIRONMENT);
        if (start.prepared()) {
            builder.environment().put("AWS_LAMBDA_INITIALIZATION_TYPE", "snap-start");
        }
        builder.environment().put("AWS_LAMBDA_RUNTIME_API", address);
        builder.environment().put("AWS_ENDPOINT_URL", "http://" + address);
        return builder.redirectErrorStream(true).redirectOutput(new File("/dev/null"));
    }

    private static long peak(Process process) throws IOException {
        String status = Files.readString(Path.of("/proc", String.valueOf(process.pid()), "status"));
        String peak = Arrays.stream(status.split("\n"))
                .filter(line -> line.startsWith("VmHWM"))
                .findFirst()
                .orElseThrow();
        return Long.parseLong(peak.replaceAll("[^0-9]", ""));
    }

    private static long ticks(Process process) throws IOException {
        String[] stat = Files.readString(Path.of("/proc", String.valueOf(process.pid()), "stat"))
                .split(" ");
        return Long.parseLong(stat[13]) + Long.parseLong(stat[14]);
    }
}
