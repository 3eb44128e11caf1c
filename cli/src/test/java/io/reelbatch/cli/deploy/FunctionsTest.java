package io.reelbatch.cli.deploy;

import static org.assertj.core.api.Assertions.assertThat;

import com.amazonaws.services.lambda.runtime.RequestStreamHandler;
import com.fasterxml.jackson.databind.JsonNode;
import com.tngtech.archunit.core.domain.JavaClass;
import com.tngtech.archunit.core.domain.JavaModifier;
import com.tngtech.archunit.core.importer.ClassFileImporter;
import com.tngtech.archunit.core.importer.ImportOption;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.HashSet;
import java.util.Set;
import java.util.TreeSet;
import java.util.regex.Pattern;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;

/** The template's functions are the handlers in the code, with the settings that these read. */
class FunctionsTest {
    private static final Template APPLICATION = Template.application();
    private static final Path CODE = Template.root("functions/src/main/java");
    private static final Pattern VARIABLE = Pattern.compile("\"((?:REELBATCH|ATLASCLOUD)_[A-Z_]+)\"");
    private static final Pattern METRIC = Pattern.compile("\"reelbatch\", \"(\\w+)\"");

    private static String source(Path file) {
        try {
            return Files.readString(file);
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    private static String source(String path) {
        return source(CODE.resolve("io/reelbatch").resolve(path));
    }

    private static Set<String> variables(JsonNode function) {
        Set<String> names = new HashSet<>();
        function.at("/Environment/Variables").fieldNames().forEachRemaining(names::add);
        return names;
    }

    @Test
    void eachFunctionIsAHandlerAndEachHandlerAFunction() {
        Set<String> handlers = new ClassFileImporter()
                .withImportOption(new ImportOption.DoNotIncludeTests()).importPackages("io.reelbatch.handlers").stream()
                        .filter(type -> type.isAssignableTo(RequestStreamHandler.class))
                        .filter(type -> !type.getModifiers().contains(JavaModifier.ABSTRACT))
                        .map(JavaClass::getSimpleName)
                        .collect(Collectors.toSet());

        assertThat(APPLICATION.functions().keySet()).isEqualTo(handlers);
    }

    private static Class<?> handler(String name) {
        try {
            return Class.forName("io.reelbatch.handlers." + name);
        } catch (ClassNotFoundException e) {
            throw new AssertionError("no class for " + name, e);
        }
    }

    @Test
    void lambdaCanMakeEachHandler() {
        assertThat(APPLICATION.functions()).allSatisfy((name, function) -> {
            assertThat(function.path("Handler").asText())
                    .isEqualTo("io.reelbatch.handlers." + name + "::handleRequest");
            Class<?> handler = handler(name);
            assertThat(handler).isPublic().isAssignableTo(RequestStreamHandler.class);
            assertThat(handler.getConstructors())
                    .as("public constructors without arguments")
                    .anyMatch(constructor -> constructor.getParameterCount() == 0);
        });
    }

    @Test
    void eachVariableThatIsSetIsReadAndEachThatIsReadIsSet() {
        Set<String> set = new TreeSet<>(variables(APPLICATION.root().at("/Globals/Function")));
        APPLICATION.functions().values().forEach(function -> set.addAll(variables(function)));
        assertThat(set.remove("JAVA_TOOL_OPTIONS")).as("the JVM's own").isTrue();

        Set<String> read = VARIABLE.matcher(source("handlers/Deployment.java"))
                .results()
                .map(match -> match.group(1))
                .collect(Collectors.toCollection(TreeSet::new));

        assertThat(set).isEqualTo(read);
    }

    /** Nobody holds the key, or knows the machine, who has no use for it. */
    @Test
    void theKeyAndTheMachineAreNamedToThoseWhoUseThem() {
        assertThat(APPLICATION.functions()).allSatisfy((name, function) -> {
            String code = source("handlers/" + name + ".java");
            assertThat(variables(function).contains("REELBATCH_API_KEY_SECRET"))
                    .as("%s has the secret's name", name)
                    .isEqualTo(code.contains("partsWithKey()"));
            assertThat(variables(function).contains("REELBATCH_STATE_MACHINE_ARN"))
                    .as("%s has the machine's name", name)
                    .isEqualTo(code.contains(".executions()"));
        });
    }

    @Test
    void alarmsAndDashboardShowMetricsThatAreWritten() {
        String metrics = source("adapters/metrics/Metrics.java");
        Template observability = Template.read("infra/observability.yaml");
        Stream<String> watched = observability.resources("AWS::CloudWatch::Alarm").values().stream()
                .filter(alarm -> alarm.path("Namespace").asText().equals("reelbatch"))
                .map(alarm -> alarm.path("MetricName").asText());
        Stream<String> shown = METRIC.matcher(observability
                        .resource("Dashboard")
                        .at("/DashboardBody/Fn::Sub")
                        .asText())
                .results()
                .map(match -> match.group(1));

        assertThat(Stream.concat(watched, shown))
                .hasSizeGreaterThan(8)
                .allSatisfy(name -> assertThat(metrics).contains("\"" + name + "\""));
        assertThat(metrics).contains("NAMESPACE = \"reelbatch\"").contains("STACK = \"Stack\"");
    }
}
