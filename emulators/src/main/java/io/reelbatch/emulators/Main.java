package io.reelbatch.emulators;

import java.io.IOException;
import java.io.OutputStream;
import java.io.PrintStream;
import java.net.InetAddress;
import java.net.ServerSocket;
import java.net.URI;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Comparator;
import java.util.List;
import java.util.Properties;
import java.util.concurrent.CountDownLatch;
import java.util.stream.Stream;
import org.gaul.s3proxy.BlobStores;
import org.gaul.s3proxy.S3Proxy;
import org.gaul.s3proxy.auth.AuthenticationType;

/**
 * Starts DynamoDB Local, in memory, and S3Proxy, on a temporary folder; prints one line of JSON that says where they listen;
 * and runs until its standard input ends, so that it never outlives the process that started it.
 *
 * <p>Arguments: {@code --dynamodb-port N}, {@code --s3-port N} (0, the default, takes a free one), {@code --keep-running}
 * (until killed, whatever becomes of standard input). Without DynamoDB Local on the class path only S3Proxy starts.
 */
public final class Main {
    /** What S3Proxy takes as credentials; DynamoDB Local takes any. */
    private static final String ACCESS_KEY_ID = "reelbatch";

    private static final String SECRET_ACCESS_KEY = "emulated";
    private static final String DYNAMODB_LOCAL = "software.amazon.dynamodb.services.local.main.ServerRunner";

    private Main() {}

    public static void main(String[] args) throws Exception {
        List<String> arguments = List.of(args);
        PrintStream answer = System.out;
        System.setOut(System.err); // DynamoDB Local tells its settings there.

        try {
            answer.println(start(arguments));
            answer.flush();
        } catch (Exception e) {
            System.err.println("The emulators cannot start; is one of their ports taken?");
            e.printStackTrace();
            System.exit(1); // Threads of the one that has started would keep the process.
        }

        if (arguments.contains("--keep-running")) {
            new CountDownLatch(1).await();
        }
        System.in.transferTo(OutputStream.nullOutputStream());
        System.exit(0);
    }

    private static String start(List<String> arguments) throws Exception {
        int s3Port = startS3(number(arguments, "--s3-port"));
        int dynamoDbPort = startDynamoDb(number(arguments, "--dynamodb-port"));
        return "{" + (dynamoDbPort == 0 ? "" : "\"dynamodb\":\"http://127.0.0.1:" + dynamoDbPort + "\",")
                + "\"s3\":\"http://127.0.0.1:" + s3Port + "\",\"accessKeyId\":\"" + ACCESS_KEY_ID
                + "\",\"secretAccessKey\":\"" + SECRET_ACCESS_KEY + "\"}";
    }

    private static int startS3(int port) throws Exception {
        Path folder = Files.createTempDirectory("reelbatch-s3");
        Runtime.getRuntime().addShutdownHook(new Thread(() -> removeQuietly(folder)));
        Properties properties = new Properties();
        properties.setProperty(
                "jclouds.filesystem.basedir", folder.toAbsolutePath().toString());
        S3Proxy proxy = S3Proxy.builder()
                .endpoint(URI.create("http://127.0.0.1:" + port))
                .awsAuthentication(AuthenticationType.AWS_V2_OR_V4, ACCESS_KEY_ID, SECRET_ACCESS_KEY)
                .blobStore(BlobStores.create("filesystem-nio2", properties))
                .ignoreUnknownHeaders(true)
                .build();
        proxy.start();
        return proxy.getPort();
    }

    /** Gives the port, or 0 if it is not there. By name, because it may be left out of the build. */
    private static int startDynamoDb(int wanted) throws Exception {
        Class<?> runner;
        try {
            runner = Class.forName(DYNAMODB_LOCAL);
        } catch (ClassNotFoundException e) {
            System.err.println("DynamoDB Local was left out of this build (-DskipDynamoDbLocal): only S3Proxy starts.");
            return 0;
        }
        int port = wanted == 0 ? freePort() : wanted;
        String[] args = {"-inMemory", "-sharedDb", "-disableTelemetry", "-port", Integer.toString(port)};
        Object server = runner.getMethod("createServerFromCommandLineArgs", String[].class)
                .invoke(null, (Object) args);
        server.getClass().getMethod("start").invoke(server);
        return port;
    }

    private static int freePort() throws IOException {
        try (ServerSocket socket = new ServerSocket(0, 1, InetAddress.getLoopbackAddress())) {
            return socket.getLocalPort();
        }
    }

    private static int number(List<String> arguments, String name) {
        int at = arguments.indexOf(name);
        return at < 0 ? 0 : Integer.parseInt(arguments.get(at + 1));
    }

    private static void removeQuietly(Path folder) {
        try (Stream<Path> files = Files.walk(folder)) {
            for (Path file : files.sorted(Comparator.reverseOrder()).toList()) {
                Files.delete(file);
            }
        } catch (IOException e) {
            System.err.println("cannot remove " + folder + ": " + e.getMessage());
        }
    }
}
