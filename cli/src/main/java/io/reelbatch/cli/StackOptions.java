package io.reelbatch.cli;

import io.reelbatch.adapters.aws.AwsClients;
import io.reelbatch.cli.stack.Stack;
import java.util.HashMap;
import java.util.Map;
import java.util.Optional;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Option;
import software.amazon.awssdk.auth.credentials.ProfileCredentialsProvider;
import software.amazon.awssdk.core.exception.SdkClientException;
import software.amazon.awssdk.profiles.ProfileFile;
import software.amazon.awssdk.regions.Region;
import software.amazon.awssdk.regions.providers.AwsProfileRegionProvider;

/** Options that select a deployed stack, which is looked up on first use. */
final class StackOptions implements AutoCloseable {
    @Option(
            names = "--stack",
            paramLabel = "NAME",
            description = "the deployed stack; default: REELBATCH_STACK, else reelbatch")
    private Optional<String> name = Optional.empty();

    @Option(names = "--region", paramLabel = "REGION", description = "its AWS region; default: the environment's")
    private Optional<String> region = Optional.empty();

    @Option(names = "--profile", paramLabel = "NAME", description = "AWS profile; default: AWS_PROFILE")
    private Optional<String> profile = Optional.empty();

    private @Nullable Stack opened;

    /** Whether the user named a stack. */
    boolean isNamed() {
        return name.isPresent();
    }

    /** Opens it at the first call. */
    synchronized Stack stack() {
        Stack stack = opened;
        if (stack == null) {
            stack = open(System.getenv());
            opened = stack;
        }
        return stack;
    }

    private Stack open(Map<String, String> variables) {
        Map<String, String> environment = new HashMap<>(variables);
        String stack = name.or(() -> Optional.ofNullable(environment.get("REELBATCH_STACK")))
                .filter(given -> !given.isBlank())
                .orElse("reelbatch");
        if (profile.isEmpty()) {
            region.ifPresent(given -> environment.put("AWS_REGION", given));
            return Stack.open(stack, new AwsClients(environment));
        }
        region.or(() -> regionOf(profile.get())).ifPresent(given -> environment.put("AWS_REGION", given));
        return Stack.open(stack, new AwsClients(environment, ProfileCredentialsProvider.create(profile.get())));
    }

    private static Optional<String> regionOf(String profile) {
        try {
            return Optional.ofNullable(
                            new AwsProfileRegionProvider(ProfileFile::defaultProfileFile, profile).getRegion())
                    .map(Region::id);
        } catch (SdkClientException profileNamesNone) {
            return Optional.empty();
        }
    }

    @Override
    public synchronized void close() {
        if (opened != null) {
            opened.close();
            opened = null;
        }
    }
}
