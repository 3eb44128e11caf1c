package io.reelbatch.adapters.logging;

import ch.qos.logback.classic.Level;
import ch.qos.logback.classic.LoggerContext;
import ch.qos.logback.classic.encoder.JsonEncoder;
import ch.qos.logback.classic.spi.Configurator;
import ch.qos.logback.classic.spi.ILoggingEvent;
import ch.qos.logback.core.ConsoleAppender;
import ch.qos.logback.core.FileAppender;
import ch.qos.logback.core.OutputStreamAppender;
import ch.qos.logback.core.spi.ContextAwareBase;

/**
 * Sets Logback up without its XML reader, which costs more at the start of a function than all its other code: one JSON object
 * a line, to stdout for CloudWatch, or to the file that the system property {@code reelbatch.log} names.
 */
public final class JsonLogging extends ContextAwareBase implements Configurator {
    /** Names the log file; without it lines go to stdout. */
    public static final String FILE_PROPERTY = "reelbatch.log";

    @Override
    public ExecutionStatus configure(LoggerContext loggers) {
        JsonEncoder encoder = new JsonEncoder();
        encoder.setContext(loggers);
        encoder.setWithSequenceNumber(false);
        encoder.setWithNanoseconds(false);
        encoder.setWithContext(false);
        encoder.setWithMDC(false);
        encoder.setWithArguments(false);
        encoder.start();
        OutputStreamAppender<ILoggingEvent> appender = appender();
        appender.setContext(loggers);
        appender.setEncoder(encoder);
        appender.start();
        loggers.getLogger("ROOT").addAppender(appender);
        loggers.getLogger("ROOT").setLevel(Level.WARN);
        loggers.getLogger("io.reelbatch").setLevel(Level.INFO);
        // It warns of every keyword of a schema that is meant for editors.
        loggers.getLogger("com.networknt").setLevel(Level.ERROR);
        return ExecutionStatus.DO_NOT_INVOKE_NEXT_IF_ANY;
    }

    private static OutputStreamAppender<ILoggingEvent> appender() {
        String file = System.getProperty(FILE_PROPERTY, "");
        if (file.isEmpty()) {
            return new ConsoleAppender<>();
        }
        FileAppender<ILoggingEvent> appender = new FileAppender<>();
        appender.setFile(file);
        return appender;
    }
}
