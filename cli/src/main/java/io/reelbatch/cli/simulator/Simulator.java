package io.reelbatch.cli.simulator;

import com.fasterxml.jackson.databind.json.JsonMapper;
import com.sun.net.httpserver.HttpExchange;
import com.sun.net.httpserver.HttpHandler;
import com.sun.net.httpserver.HttpServer;
import java.io.IOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.URI;
import java.util.NoSuchElementException;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.LinkedBlockingQueue;
import java.util.concurrent.ThreadPoolExecutor;
import java.util.concurrent.TimeUnit;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * The provider's API on the loopback address, with real files and no bill.
 *
 * <p>It keeps no thread busy while jobs "generate": a job is done when the clock says so. Requests that are left hanging
 * on purpose hold no thread either.
 */
public final class Simulator implements AutoCloseable {
    private static final Logger LOG = LoggerFactory.getLogger(Simulator.class);
    private static final String NO_DELAY = "sun.net.httpserver.nodelay";
    private static final byte[] LOOPBACK = {127, 0, 0, 1};
    private static final int THREADS = 32;
    private static final int BACKLOG = 1024;

    private final HttpServer server;
    private final ExecutorService threads;
    private final Journal journal;
    private final Ledger ledger;
    private final Outputs outputs;
    private final Uploads uploads;
    private final PunctualCourier courier;
    private final Urls urls;
    private final Set<HttpExchange> hanging = ConcurrentHashMap.newKeySet();

    private Simulator(SimulatorSettings settings, HttpServer server, JsonMapper json, Journal journal)
            throws IOException {
        this.server = server;
        this.journal = journal;
        this.threads = threads();
        this.ledger = new Ledger(journal, new LedgerEvents(json), settings.clock());
        this.uploads = new Uploads();
        URI own = URI.create("http://127.0.0.1:" + server.getAddress().getPort());
        this.urls = new Urls(settings.publicUrl().orElse(own), settings.shape());
        Account account = new Account(settings, ledger);
        this.outputs = new Outputs(json);
        this.courier = new PunctualCourier(ledger.clock());
        Callbacks callbacks = new Callbacks(
                json,
                settings.courier().orElse(courier),
                prediction -> urls.output(prediction, ledger.urlVersion(prediction.id())),
                account::fault);
        ApiHandler api = new ApiHandler(settings, json, ledger, account, outputs, uploads, callbacks, urls);
        FileHandler files = new FileHandler(ledger, account, outputs, uploads);
        server.createContext("/", handler(api::handle));
        server.createContext(Urls.FILES, handler(files::handle));
        server.setExecutor(threads);
        server.start();
    }

    /**
     * Starts a simulator; it answers when this returns.
     *
     * @throws IOException when the port is taken, or the state file cannot be used
     */
    public static Simulator start(SimulatorSettings settings) throws IOException {
        answerAtOnce();
        JsonMapper json = new JsonMapper();
        Journal journal = Journal.open(json, settings.state());
        try {
            InetSocketAddress address = new InetSocketAddress(InetAddress.getByAddress(LOOPBACK), settings.port());
            return new Simulator(settings, HttpServer.create(address, BACKLOG), json, journal);
        } catch (IOException | RuntimeException e) {
            journal.close();
            throw e;
        }
    }

    /** What a client takes as the API's base: {@code http://127.0.0.1:PORT/api/v1}. */
    public URI baseUrl() {
        return URI.create("http://127.0.0.1:" + server.getAddress().getPort() + Urls.API);
    }

    /** The provider's own record of submits and charges. */
    public Ledger ledger() {
        return ledger;
    }

    /**
     * The output of a prediction as it is served when nothing goes wrong, to compare with what a client stored.
     *
     * @throws NoSuchElementException when there is no such prediction
     */
    public byte[] output(String predictionId) {
        return outputs.bytes(ledger.entry(predictionId).orElseThrow().prediction())
                .clone();
    }

    /** Stops answering, closes what hangs, lets go of the state file. */
    @Override
    public void close() throws IOException {
        courier.close();
        hanging.forEach(HttpExchange::close);
        server.stop(0);
        threads.shutdownNow();
        uploads.close();
        journal.close();
    }

    /**
     * Turns off Nagle's algorithm for the JDK's server, which only reads a property, once. Without it a client that
     * reuses its connection waits 40 ms for every answer: head and body leave separately.
     */
    private static void answerAtOnce() {
        if (System.getProperty(NO_DELAY) == null) {
            System.setProperty(NO_DELAY, "true");
        }
    }

    private interface Action {
        void handle(Connection connection) throws IOException;
    }

    /** A handler that closes the connection when the action fails. */
    private HttpHandler handler(Action action) {
        return exchange -> {
            try {
                action.handle(new Connection(exchange, hanging));
            } catch (IOException e) {
                exchange.close(); // the client went away
            } catch (RuntimeException e) {
                LOG.error(
                        "The simulator failed to answer {} {}",
                        exchange.getRequestMethod(),
                        exchange.getRequestURI(),
                        e);
                exchange.close();
            }
        };
    }

    private static ExecutorService threads() {
        ThreadPoolExecutor pool =
                new ThreadPoolExecutor(THREADS, THREADS, 10, TimeUnit.SECONDS, new LinkedBlockingQueue<>(), task -> {
                    Thread thread = new Thread(task, "simulator");
                    thread.setDaemon(true);
                    return thread;
                });
        pool.allowCoreThreadTimeOut(true);
        return pool;
    }
}
