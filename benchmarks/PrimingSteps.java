package io.reelbatch.handlers;

import com.sun.net.httpserver.HttpServer;
import io.reelbatch.adapters.aws.AwsClients;
import io.reelbatch.domain.job.JobKey;
import io.reelbatch.domain.json.Json;
import java.lang.management.ClassLoadingMXBean;
import java.lang.management.ManagementFactory;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Map;
import java.util.concurrent.Callable;
import javax.net.ssl.SSLContext;
import software.amazon.awssdk.http.apache5.Apache5HttpClient;

/** What CheckJob does before its snapshot, step by step in one thread: milliseconds of processor time, and classes loaded. */
public class PrimingSteps {
    private static final ClassLoadingMXBean CLASSES = ManagementFactory.getClassLoadingMXBean();

    public static void main(String[] arguments) throws Exception {
        HttpServer server = HttpServer.create(new InetSocketAddress(InetAddress.getLoopbackAddress(), 0), 0);
        server.createContext("/", exchange -> {
            exchange.getRequestBody().readAllBytes();
            exchange.getResponseHeaders().set("Content-Type", "application/x-amz-json-1.0");
            exchange.sendResponseHeaders(200, 2);
            exchange.getResponseBody().write("{}".getBytes(StandardCharsets.UTF_8));
            exchange.close();
        });
        server.start();
        Map<String, String> environment = Map.of(
                "AWS_REGION", "us-east-1",
                "AWS_ENDPOINT_URL", "http://127.0.0.1:" + server.getAddress().getPort(),
                "REELBATCH_TABLE", "table",
                "REELBATCH_BUCKET", "bucket",
                "REELBATCH_API_KEY_SECRET", "secret");
        step("nothing", () -> "");
        step("the parts, unopened", () -> new Deployment(environment).partsWithKey());
        step("Jackson's mapper", Json::mapper);
        step("the first input read", () -> Json.mapper().readValue("{\"batchId\":\"-\",\"job\":0}", JobStep.class));
        step("TLS", SSLContext::getDefault);
        step("Apache's HTTP client", () -> Apache5HttpClient.builder().build());
        step("DynamoDB's client", () -> new AwsClients(environment).dynamoDb());
        Parts parts = new Deployment(environment).partsWithKey();
        step("its first call", () -> parts.store().job(new JobKey("-", 0)));
        step("its second call", () -> parts.store().job(new JobKey("-", 0)));
        server.stop(0);
    }

    private static void step(String what, Callable<?> work) throws Exception {
        long processor = millis();
        long classes = CLASSES.getTotalLoadedClassCount();
        work.call();
        System.out.printf(
                "%-22s %5d ms %5d classes%n",
                what, millis() - processor, CLASSES.getTotalLoadedClassCount() - classes);
    }

    private static long millis() throws Exception {
        String[] stat = Files.readString(Path.of("/proc/self/stat")).split(" ");
        return (Long.parseLong(stat[13]) + Long.parseLong(stat[14])) * 10;
    }
}
