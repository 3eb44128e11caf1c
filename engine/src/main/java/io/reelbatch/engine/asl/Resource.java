package io.reelbatch.engine.asl;

import java.util.Locale;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/**
 * The Resource of a Task.
 *
 * @param arn as it is written
 * @param service the service, such as {@code lambda}; the function's ARN belongs to {@code lambda} too
 * @param action the API action without the pattern's suffix, such as {@code invoke}
 * @param pattern when the task is done
 */
public record Resource(String arn, String service, String action, Pattern pattern) {

    /** When a task is done. */
    public enum Pattern {
        /** A function's own ARN. */
        FUNCTION,
        /** An activity. */
        ACTIVITY,
        /** When the request is answered. */
        REQUEST_RESPONSE,
        /** When the job it starts has ended. */
        SYNC,
        /** The same, with the job's output as JSON. */
        SYNC_2,
        /** When its token comes back. */
        WAIT_FOR_TASK_TOKEN
    }

    private static final java.util.regex.Pattern FUNCTION =
            java.util.regex.Pattern.compile("arn:aws[a-z-]*:lambda:[^:]*:[^:]*:function:.+");
    private static final java.util.regex.Pattern ACTIVITY =
            java.util.regex.Pattern.compile("arn:aws[a-z-]*:states:[^:]+:[^:]+:activity:.+");
    private static final java.util.regex.Pattern SERVICE = java.util.regex.Pattern.compile(
            "arn:aws[a-z-]*:states:[^:]*:[^:]*:((?:aws-sdk:)?[^:.]+):([^:.]+)(\\.sync:2|\\.sync|\\.waitForTaskToken)?");

    /** Reads a Resource; throws {@link IllegalArgumentException} if it is none. */
    public static Resource parse(String arn) {
        if (FUNCTION.matcher(arn).matches()) {
            return new Resource(arn, "lambda", "", Pattern.FUNCTION);
        }
        if (ACTIVITY.matcher(arn).matches()) {
            return new Resource(arn, "activity", "", Pattern.ACTIVITY);
        }
        Matcher matcher = SERVICE.matcher(arn);
        if (!matcher.matches()) {
            throw new IllegalArgumentException(
                    "is neither a function's ARN nor arn:aws:states:::service:action: " + arn);
        }
        return new Resource(arn, matcher.group(1), matcher.group(2), pattern(matcher.group(3)));
    }

    private static Pattern pattern(@org.jspecify.annotations.Nullable String suffix) {
        if (suffix == null) {
            return Pattern.REQUEST_RESPONSE;
        }
        return switch (suffix.toLowerCase(Locale.ROOT)) {
            case ".sync" -> Pattern.SYNC;
            case ".sync:2" -> Pattern.SYNC_2;
            default -> Pattern.WAIT_FOR_TASK_TOKEN;
        };
    }

    /** The action with the pattern's suffix, as histories show it. */
    public String fullAction() {
        return arn.substring(arn.lastIndexOf(service + ":") + service.length() + 1);
    }

    /** Whether this is that service's action, whatever the pattern. */
    public boolean is(String service, String action) {
        return this.service.equals(service) && this.action.equals(action);
    }
}
