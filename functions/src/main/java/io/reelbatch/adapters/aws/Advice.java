package io.reelbatch.adapters.aws;

import java.util.Locale;
import software.amazon.awssdk.awscore.exception.AwsServiceException;
import software.amazon.awssdk.core.exception.ApiCallAttemptTimeoutException;
import software.amazon.awssdk.core.exception.ApiCallTimeoutException;
import software.amazon.awssdk.core.exception.SdkException;

/** What AWS or the way there said, and what people can do about it. */
final class Advice {
    private Advice() {}

    static String on(Exception failure) {
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
        if (message.toLowerCase(Locale.ROOT).contains("credentials")) {
            return "there are no AWS credentials; run \"aws configure\" or set AWS_PROFILE";
        }
        return message + "; check the network and AWS_ENDPOINT_URL, then run again";
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
                        : said.contains("size") ? "; a record can have 400 KB, so shorten the prompt" : "";
            case 401, 403 -> "; check that the credentials are valid and allow this call";
            case 503 -> "; run fewer workers at once, or again later";
            default -> "";
        };
        return said + advice;
    }
}
