import com.sun.net.httpserver.HttpServer;
import java.io.File;
import java.lang.reflect.Field;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;

/** Measures how long functions take from the start of their process until they ask for their first event. */
public class LambdaInit {
    /** Nothing, as a measure. */
    public static class Empty implements com.amazonaws.services.lambda.runtime.RequestStreamHandler {
        @Override
        public void handleRequest(
                java.io.InputStream in, java.io.OutputStream out, com.amazonaws.services.lambda.runtime.Context context) {}
    }

    /** The heaviest function, prepared for its snapshot as Lambda would do it. */
    public static class Prepared extends Empty {
        public Prepared() throws Exception {
            Object handler = Class.forName("io.reelbatch.handlers." + System.getenv("HEAVIEST"))
                    .getDeclaredConstructor()
                    .newInstance();
            Field field = handler.getClass().getSuperclass().getDeclaredField("snapshot");
            field.setAccessible(true);
            ((org.crac.Resource) ((Optional<?>) field.get(handler)).orElseThrow()).beforeCheckpoint(null);
        }
    }

    private static final Map<String, String> ENVIRONMENT = Map.of(
            "AWS_REGION", "us-east-1",
            "AWS_ACCESS_KEY_ID", "id",
            "AWS_SECRET_ACCESS_KEY", "secret",
            "AWS_ENDPOINT_URL", "http://127.0.0.1:1",
            "REELBATCH_TABLE", "table",
            "REELBATCH_BUCKET", "bucket",
            "REELBATCH_STACK", "stack",
            "REELBATCH_API_KEY_SECRET", "secret",
            "REELBATCH_STATE_MACHINE_ARN", "arn:aws:states:us-east-1:123456789012:stateMachine:m");

    public static void main(String[] arguments) throws Exception {
        int runs = Integer.parseInt(arguments[0]);
        List<String> handlers = new ArrayList<>(List.of("LambdaInit$Empty"));
        for (String name : List.of("PlanBatch", "SubmitJob", "DownloadOutput", "StartBatch", "Reconcile")) {
            handlers.add("io.reelbatch.handlers." + name);
        }
        handlers.add("LambdaInit$Prepared");
        Map<String, List<long[]>> all = new java.util.LinkedHashMap<>();
        handlers.forEach(handler -> all.put(handler, new ArrayList<>()));
        for (int run = 0; run < runs; run++) {
            for (String handler : handlers) {
                all.get(handler).add(measure(handler));
            }
        }
        long empty = median(all.get(handlers.get(0)), 0);
        for (String handler : handlers) {
            long millis = median(all.get(handler), 0);
            System.out.printf(
                    "%-40s %5d ms  %.2f x empty  processor %5d ms  peak %3d MB%n",
                    handler,
                    millis,
                    (double) millis / empty,
                    median(all.get(handler), 2) * 10,
                    median(all.get(handler), 1) / 1024);
        }
    }

    private static long median(List<long[]> measured, int column) {
        long[] sorted = measured.stream().mapToLong(one -> one[column]).sorted().toArray();
        return sorted[sorted.length / 2];
    }

    /** Until it asks for an event: milliseconds, its peak memory in kB, its processor time in ticks of 10 ms. */
    private static long[] measure(String handler) throws Exception {
        CountDownLatch asked = new CountDownLatch(1);
        HttpServer api = HttpServer.create(new InetSocketAddress(InetAddress.getLoopbackAddress(), 0), 0);
        api.createContext("/", exchange -> asked.countDown());
        api.start();
        ProcessBuilder builder = new ProcessBuilder(
                Path.of(System.getProperty("java.home"), "bin", "java").toString(),
                "-XX:+UseSerialGC",
                "-XX:TieredStopAtLevel=1",
                "-Xmx400m",
                "-cp",
                System.getProperty("java.class.path"),
                "com.amazonaws.services.lambda.runtime.api.client.AWSLambda",
                handler + "::handleRequest");
        builder.environment().putAll(ENVIRONMENT);
        builder.environment().put("HEAVIEST", "Reconcile");
        builder.environment().put("AWS_LAMBDA_RUNTIME_API", "127.0.0.1:" + api.getAddress().getPort());
        builder.redirectErrorStream(true).redirectOutput(new File("/dev/null"));
        long start = System.nanoTime();
        Process process = builder.start();
        try {
            if (!asked.await(2, TimeUnit.MINUTES)) {
                throw new IllegalStateException(handler + " did not start");
            }
            long millis = TimeUnit.NANOSECONDS.toMillis(System.nanoTime() - start);
            String status = Files.readString(Path.of("/proc", String.valueOf(process.pid()), "status"));
            String peak = Arrays.stream(status.split("\n"))
                    .filter(line -> line.startsWith("VmHWM"))
                    .findFirst()
                    .orElseThrow();
            String[] stat = Files.readString(Path.of("/proc", String.valueOf(process.pid()), "stat"))
                    .split(" ");
            long ticks = Long.parseLong(stat[13]) + Long.parseLong(stat[14]);
            return new long[] {millis, Long.parseLong(peak.replaceAll("[^0-9]", "")), ticks};
        } finally {
            process.destroyForcibly().waitFor();
            api.stop(0);
        }
    }
}
