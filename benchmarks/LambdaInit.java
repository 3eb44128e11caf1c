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

    /** A function, and whether it is prepared for a snapshot as Lambda does it. */
    private record Start(String handler, boolean prepared) {}

    /** What a process cost until it asked for an event or was ready for its snapshot: milliseconds twice, and kB. */
    private record Cost(long wall, long processor, long peak) {}

    public static void main(String[] arguments) throws Exception {
        int runs = Integer.parseInt(arguments[0]);
        Map<Start, List<Cost>> all = new LinkedHashMap<>();
        Start empty = new Start("LambdaInit$Empty", false);
        all.put(empty, new ArrayList<>());
        HANDLERS.forEach(name -> all.put(new Start("io.reelbatch.handlers." + name, false), new ArrayList<>()));
        HANDLERS.forEach(name -> all.put(new Start("io.reelbatch.handlers." + name, true), new ArrayList<>()));
        for (int run = 0; run < runs; run++) {
            for (Map.Entry<Start, List<Cost>> start : all.entrySet()) {
                start.getValue().add(measure(start.getKey()));
            }
        }
        all.forEach((start, costs) -> print(start, costs, all.get(empty)));
    }

    private static void print(Start start, List<Cost> costs, List<Cost> empty) {
        long wall = median(costs, Cost::wall);
        long processor = median(costs, Cost::processor);
        System.out.printf(
                "%-24s wall %5d ms, %5.2f x empty   processor %5d ms, %5.2f x empty   peak %3d MB%n",
                start.handler().replaceAll(".*[.$]", "") + (start.prepared() ? ", prepared" : ""),
                wall,
                (double) wall / median(empty, Cost::wall),
                processor,
                (double) processor / median(empty, Cost::processor),
                median(costs, Cost::peak) / 1024);
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

    private static Cost measure(Start start) throws Exception {
        CountDownLatch asked = new CountDownLatch(1);
        HttpServer api = HttpServer.create(new InetSocketAddress(InetAddress.getLoopbackAddress(), 0), 0);
        api.createContext("/2018-06-01/", exchange -> asked.countDown());
        api.createContext("/", LambdaInit::answer);
        api.start();
        ProcessBuilder builder = new ProcessBuilder(
                Path.of(System.getProperty("java.home"), "bin", "java").toString(),
                "-XX:+UseSerialGC",
                "-XX:TieredStopAtLevel=1",
                "-Xmx400m",
                "-Dorg.crac.Core.Compat=com.amazonaws.services.lambda.crac",
                "-cp",
                System.getProperty("java.class.path"),
                "com.amazonaws.services.lambda.runtime.api.client.AWSLambda",
                start.handler() + "::handleRequest");
        builder.environment().putAll(ENVIRONMENT);
        if (start.prepared()) {
            builder.environment().put("AWS_LAMBDA_INITIALIZATION_TYPE", "snap-start");
        }
        String address = "127.0.0.1:" + api.getAddress().getPort();
        builder.environment().put("AWS_LAMBDA_RUNTIME_API", address);
        builder.environment().put("AWS_ENDPOINT_URL", "http://" + address);
        builder.redirectErrorStream(true).redirectOutput(new File("/dev/null"));
        long begin = System.nanoTime();
        Process process = builder.start();
        try {
            if (!asked.await(2, TimeUnit.MINUTES)) {
                throw new IllegalStateException(start + " did not start");
            }
            long millis = TimeUnit.NANOSECONDS.toMillis(System.nanoTime() - begin);
            String status = Files.readString(Path.of("/proc", String.valueOf(process.pid()), "status"));
            String peak = Arrays.stream(status.split("\n"))
                    .filter(line -> line.startsWith("VmHWM"))
                    .findFirst()
                    .orElseThrow();
            String[] stat = Files.readString(Path.of("/proc", String.valueOf(process.pid()), "stat"))
                    .split(" ");
            long ticks = Long.parseLong(stat[13]) + Long.parseLong(stat[14]);
            return new Cost(millis, ticks * 10, Long.parseLong(peak.replaceAll("[^0-9]", "")));
        } finally {
            process.destroyForcibly().waitFor();
            api.stop(0);
        }
    }
}
