package io.reelbatch.adapters.aws;

import java.util.Locale;
import software.amazon.awssdk.awscore.exception.AwsServiceException;
import software.amazon.awssdk.core.exception.ApiCallAttemptTimeoutException;
import software.amazon.awssdk.core.exception.ApiCallTimeoutException;
import software.amazon.awssdk.core.exception.SdkException;

/** Turns an AWS or network error into a message that says what to do about it. */
public final class Advice {
    private static final String CHECK = "; check that the credentials are valid and allow this call";

    private Advice() {}

    /** One clause, without a full stop. */
    public static String on(Exception failure) {
        if (failure instanceof AwsServiceException service) {
            return onAnswer(service);
        }
        if (failure instanceof ApiCallTimeoutException || failure instanceof ApiCallAttemptTimeoutException) {
            return "no answer in time; check the network to AWS, then run again";
        }
        if (!(failure instanceof SdkException)) {
            return "it is closed already";
        }
        String message = String.valueOf(failure.getMessage());
        if (says(message, "credentials")) {
            return "there are no AWS credentials; run \"aws configure\" or set AWS_PROFILE";
        }
        if (says(message, "load region")) {
            return "there is no AWS region; set AWS_REGION";
        }
        return message + "; check the network and AWS_ENDPOINT_URL, then run again";
    }

    /** Whether this machine is not set up for AWS: no credentials, no region. */
    public static boolean isSetup(Exception failure) {
        String message = String.valueOf(failure.getMessage());
        return failure instanceof SdkException
                && !(failure instanceof AwsServiceException)
                && (says(message, "credentials") || says(message, "load region"));
    }

    private static boolean says(String message, String word) {
        return message.toLowerCase(Locale.ROOT).contains(word);
    }

    private static String onAnswer(AwsServiceException service) {
        String said = service.awsErrorDetails() == null
                ? "HTTP " + service.statusCode()
                : service.awsErrorDetails().errorCode() + ", "
                        + service.awsErrorDetails().errorMessage();
        String advice = switch (service.statusCode()) {
            case 400 ->
                service.isThrottlingException()
                        ? "; run fewer workers at once"
                        : isRefusal(said)
                                ? CHECK
                                : said.contains("size") ? "; a record can have 400 KB, so shorten the prompt" : "";
            case 401, 403 -> CHECK;
            case 503 -> "; run fewer workers at once, or again later";
            default -> "";
        };
        return said + advice;
    }

    /** Most services answer 400, not 403, to whom they do not let in. */
    private static boolean isRefusal(String said) {
        return said.matches("(?s)(AccessDenied|ExpiredToken|UnrecognizedClient|InvalidSignature|NotAuthorized).*");
    }
}
