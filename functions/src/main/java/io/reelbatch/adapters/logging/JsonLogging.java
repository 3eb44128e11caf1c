package io.reelbatch.adapters.logging;

import ch.qos.logback.classic.Level;
import ch.qos.logback.classic.Logger;
import ch.qos.logback.classic.LoggerContext;
import ch.qos.logback.classic.spi.Configurator;
import ch.qos.logback.classic.spi.ILoggingEvent;
import ch.qos.logback.core.ConsoleAppender;
import ch.qos.logback.core.FileAppender;
import ch.qos.logback.core.OutputStreamAppender;
import ch.qos.logback.core.spi.ContextAwareBase;
import io.reelbatch.domain.provider.Secrets;
import java.nio.file.Path;
import org.slf4j.LoggerFactory;

/**
 * Sets Logback up without its XML reader, which costs a function more at its start than the rest of the logging. Lines go to
 * stdout, where Lambda collects them, until {@link #writeTo} names a file.
 */
public final class JsonLogging extends ContextAwareBase implements Configurator {
    /** System property; {@code off} keeps stdout free until {@link #writeTo} is called. */
    public static final String PROPERTY = "reelbatch.log";

    @Override
    public ExecutionStatus configure(LoggerContext loggers) {
        Logger root = loggers.getLogger(org.slf4j.Logger.ROOT_LOGGER_NAME);
        root.setLevel(Level.WARN);
        loggers.getLogger("io.reelbatch").setLevel(Level.INFO);
        // It warns of every keyword of a schema that is meant for editors.
        loggers.getLogger("com.networknt").setLevel(Level.ERROR);
        if (!System.getProperty(PROPERTY, "").equals("off")) {
            attach(loggers, new ConsoleAppender<>(), Secrets.NONE);
        }
        return ExecutionStatus.DO_NOT_INVOKE_NEXT_IF_ANY;
    }

    /** Sends every further line to {@code file}, which is appended to, without the {@code secrets}. */
    public static void writeTo(Path file, Secrets secrets) {
        FileAppender<ILoggingEvent> appender = new FileAppender<>();
        appender.setFile(file.toString());
        attach((LoggerContext) LoggerFactory.getILoggerFactory(), appender, secrets);
    }

    private static void attach(LoggerContext loggers, OutputStreamAppender<ILoggingEvent> appender, Secrets secrets) {
        JsonLines lines = new JsonLines(secrets);
        lines.setContext(loggers);
        lines.start();
        appender.setContext(loggers);
        appender.setEncoder(lines);
        appender.start();
        Logger root = loggers.getLogger(org.slf4j.Logger.ROOT_LOGGER_NAME);
        root.detachAndStopAllAppenders();
        root.addAppender(appender);
    }
}
