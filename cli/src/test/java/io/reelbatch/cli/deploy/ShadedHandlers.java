package io.reelbatch.cli.deploy;

import com.amazonaws.services.lambda.runtime.RequestStreamHandler;
import io.reelbatch.cli.local.DeployedRun;
import java.io.Closeable;
import java.io.IOException;
import java.lang.reflect.Constructor;
import java.net.URI;
import java.net.URL;
import java.net.URLClassLoader;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.HashMap;
import java.util.Map;
import java.util.Objects;
import java.util.Optional;

/**
 * Handlers as Lambda has them: loaded from the jar that is deployed, which sees nothing but itself, the JDK and the interface of
 * Lambda's runtime; wired by the handler's own constructor from the environment variables that the deployed function has.
 */
final class ShadedHandlers implements DeployedRun.Handlers, Closeable {
    private final URLClassLoader loader;
    private final Map<String, String> aws;
    private final Map<String, Map<String, String>> variables;

    /**
     * Loads nothing yet.
     *
     * @param aws where AWS is
     * @param variables of each function
     */
    ShadedHandlers(Path jar, Map<String, String> aws, Map<String, Map<String, String>> variables) throws IOException {
        this.loader = new URLClassLoader(new URL[] {jar.toUri().toURL()}, new Surroundings());
        this.aws = Map.copyOf(aws);
        this.variables = Map.copyOf(variables);
    }

    /** What is there besides the jar. */
    private static final class Surroundings extends ClassLoader {
        Surroundings() {
            super(ClassLoader.getPlatformClassLoader());
        }

        @Override
        protected Class<?> findClass(String name) throws ClassNotFoundException {
            if (name.startsWith("com.amazonaws.services.lambda.runtime.")) {
                return RequestStreamHandler.class.getClassLoader().loadClass(name);
            }
            throw new ClassNotFoundException(name);
        }
    }

    @Override
    public RequestStreamHandler make(String function, URI provider) throws IOException {
        Map<String, String> environment =
                new HashMap<>(Objects.requireNonNull(variables.get(function), "the stack has no " + function));
        environment.putAll(aws);
        environment.put("ATLASCLOUD_BASE_URL", provider.toString());
        // Metrics would go to standard output.
        environment.remove("REELBATCH_STACK");
        RequestStreamHandler handler = as(() -> handler(function, environment));
        return (in, out, context) -> as(() -> {
            handler.handleRequest(in, out, context);
            return handler;
        });
    }

    private interface Work {
        RequestStreamHandler run() throws IOException;
    }

    /** Lambda's threads have the function's class loader. */
    private RequestStreamHandler as(Work work) throws IOException {
        Thread thread = Thread.currentThread();
        ClassLoader before = thread.getContextClassLoader();
        thread.setContextClassLoader(loader);
        try {
            return work.run();
        } finally {
            thread.setContextClassLoader(before);
        }
    }

    private RequestStreamHandler handler(String function, Map<String, String> environment) {
        try {
            Class<?> type = loader.loadClass("io.reelbatch.handlers." + function);
            Class<?> deploymentType = loader.loadClass("io.reelbatch.handlers.Deployment");
            Object deployment =
                    open(deploymentType.getDeclaredConstructor(Map.class)).newInstance(environment);
            Optional<Constructor<?>> fromDeployment = Arrays.stream(type.getDeclaredConstructors())
                    .filter(each -> Arrays.equals(each.getParameterTypes(), new Class<?>[] {deploymentType}))
                    .findFirst();
            if (fromDeployment.isPresent()) {
                return (RequestStreamHandler) open(fromDeployment.get()).newInstance(deployment);
            }
            var parts = deploymentType.getDeclaredMethod(
                    environment.containsKey("REELBATCH_API_KEY_SECRET") ? "partsWithKey" : "parts");
            parts.setAccessible(true);
            return (RequestStreamHandler)
                    type.getConstructor(parts.getReturnType()).newInstance(parts.invoke(deployment));
        } catch (ReflectiveOperationException e) {
            throw new IllegalStateException("the jar has no such handler as the template names: " + function, e);
        }
    }

    private static <T> Constructor<T> open(Constructor<T> constructor) {
        constructor.setAccessible(true);
        return constructor;
    }

    @Override
    public void close() throws IOException {
        loader.close();
    }
}
