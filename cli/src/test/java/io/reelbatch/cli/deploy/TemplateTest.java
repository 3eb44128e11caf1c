package io.reelbatch.cli.deploy;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.json.JsonMapper;
import com.fasterxml.jackson.databind.node.ObjectNode;
import io.reelbatch.adapters.aws.TableSchema;
import io.reelbatch.cli.deploy.Template.Statement;
import java.io.IOException;
import java.nio.file.Files;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeSet;
import java.util.regex.MatchResult;
import java.util.regex.Pattern;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;

/** The templates fit the definition, the stores and each other. */
class TemplateTest {
    private static final Template APPLICATION = Template.application();
    private static final Pattern SUBSTITUTION = Pattern.compile("\\$\\{(\\w+)}");

    /** Statements whose actions have no resource to name, and why. */
    private static final Map<String, String> WILDCARDS = Map.of(
            "Tracing/Trace", "X-Ray's writes take no resource",
            "AwaitWebhookRole/GoOn", "what ends a task by its token takes no resource",
            "ReceiveWebhookRole/GoOn", "what ends a task by its token takes no resource",
            "BatchMachineRole/DeliverLogs", "log delivery's actions take no resource",
            "BatchMachineRole/Sample", "X-Ray's sampling takes no resource",
            "ExecutionRole/Unnamed", "event source mappings and log deliveries have no name before they are made");

    private static String definition() throws IOException {
        return Files.readString(Template.root("statemachine/batch.asl.json"));
    }

    private static JsonNode machine() {
        return APPLICATION.resource("BatchMachine");
    }

    private static Set<String> names(JsonNode object) {
        Set<String> names = new TreeSet<>();
        object.fieldNames().forEachRemaining(names::add);
        return names;
    }

    @Test
    void eachSubstitutionOfTheDefinitionIsGivenAndNoOther() throws IOException {
        Set<String> used = SUBSTITUTION
                .matcher(definition())
                .results()
                .map(match -> match.group(1))
                .collect(Collectors.toSet());

        assertThat(names(machine().path("DefinitionSubstitutions"))).isEqualTo(new TreeSet<>(used));
    }

    @Test
    void theMachineCallsAliasesOfTheFunctionsThatItNames() {
        assertThat(machine().path("DefinitionSubstitutions").properties()).allSatisfy(substitution -> {
            String function = substitution.getKey().replaceAll("Arn$", "");
            assertThat(substitution.getValue().path("Ref").asText()).isEqualTo(function + ".Alias");
            assertThat(APPLICATION.resources("AWS::Serverless::Function")).containsKey(function);
        });
    }

    @Test
    void theMachineMayCallWhatItCallsAndNothingElse() {
        List<String> called = new ArrayList<>();
        machine()
                .path("DefinitionSubstitutions")
                .forEach(alias -> called.add(alias.path("Ref").asText()));
        List<String> allowed = APPLICATION.statements().stream()
                .filter(statement -> statement.owner().equals("BatchMachineRole"))
                .filter(statement -> statement.actions().contains("lambda:InvokeFunction"))
                .flatMap(statement -> statement.resources().stream())
                .toList();

        assertThat(allowed).containsExactlyInAnyOrderElementsOf(called);
    }

    @Test
    void theRuleForPeopleTakesWhatTheDefinitionPutsOnTheBus() throws IOException {
        JsonNode entry = new JsonMapper().readTree(definition()).at("/States/NotifyBatch/Arguments/Entries/0");
        JsonNode rule = APPLICATION.resource("BatchFinishedRule");

        assertThat(rule.at("/EventPattern/source/0").asText())
                .isEqualTo(entry.path("Source").asText());
        assertThat(rule.at("/EventPattern/detail-type/0").asText())
                .isEqualTo(entry.path("DetailType").asText());
        assertThat(rule.at("/Targets/0/InputTransformer/InputPathsMap"))
                .isNotEmpty()
                .allSatisfy(path -> assertThat(names(entry.path("Detail")))
                        .contains(path.asText().replace("$.detail.", "")));
    }

    /** The four calls that Step Functions names for X-Ray. */
    @Test
    void theMachineMayTraceAndAskWhatToTrace() {
        assertThat(APPLICATION.statements())
                .filteredOn(statement -> Set.of("Tracing", "BatchMachineRole").contains(statement.owner()))
                .flatExtracting(Statement::actions)
                .contains(
                        "xray:PutTraceSegments",
                        "xray:PutTelemetryRecords",
                        "xray:GetSamplingRules",
                        "xray:GetSamplingTargets");
    }

    @Test
    void theMapMayRedriveItsOwnChildren() throws IOException {
        String label = new JsonMapper()
                .readTree(definition())
                .at("/States/ProcessJobs/Label")
                .asText();

        assertThat(APPLICATION.statements())
                .filteredOn(statement -> statement.actions().contains("states:RedriveExecution"))
                .flatExtracting(Statement::resources)
                .singleElement()
                .asString()
                .endsWith("-batch/" + label + ":*");
    }

    /** The machine's name is fixed; whoever may start or look at it names it so. */
    @Test
    void everybodyNamesTheMachineAsItIsNamed() {
        String name = machine().at("/Name/Fn::Sub").asText();
        Pattern named = Pattern.compile(":(?:stateMachine|execution):(\\$\\{AWS::StackName}[^:/\"]*)");
        List<String> references = named.matcher(APPLICATION.root().toString())
                .results()
                .map((MatchResult match) -> match.group(1))
                .toList();

        assertThat(references).isNotEmpty().containsOnly(name);
    }

    @Test
    void aTaskOutlastsItsFunctionByLittle() throws IOException {
        Map<String, Integer> tasks = new HashMap<>();
        collectTasks(new JsonMapper().readTree(definition()), tasks);

        assertThat(tasks)
                .isNotEmpty()
                .allSatisfy((name, seconds) ->
                        assertThat(seconds).isBetween(timeout(handler(name)) + 1, timeout(handler(name)) + 10));
    }

    /** The jobs of a chain run copies of a job's states. */
    private static String handler(String task) {
        return task.startsWith("Chain") ? task.substring("Chain".length()) : task;
    }

    private static int timeout(String handler) {
        JsonNode function = APPLICATION.resource(handler + "Function");
        return Integer.parseInt(function.path("Timeout").asText());
    }

    private static void collectTasks(JsonNode graph, Map<String, Integer> tasks) {
        graph.path("States").properties().forEach(state -> {
            // A wait for a token is as long as the job's: its function has answered long before, or is not needed.
            if (state.getValue().path("Resource").asText().equals("arn:aws:states:::lambda:invoke")) {
                tasks.put(
                        state.getKey(), state.getValue().path("TimeoutSeconds").asInt());
            }
            collectTasks(state.getValue().path("ItemProcessor"), tasks);
        });
    }

    @Test
    void eachFunctionHasARoleAndALogGroupOfItsOwn() {
        assertThat(APPLICATION.functions()).hasSizeGreaterThanOrEqualTo(9).allSatisfy((name, function) -> {
            assertThat(function.at("/Role/Fn::GetAtt").asText()).isEqualTo(name + "Role.Arn");
            assertThat(function.at("/LoggingConfig/LogGroup/Ref").asText()).isEqualTo(name + "LogGroup");
            assertThat(APPLICATION.statements())
                    .filteredOn(statement -> statement.owner().equals(name + "Role"))
                    .filteredOn(statement -> statement.actions().contains("logs:PutLogEvents"))
                    .flatExtracting(Statement::resources)
                    .containsExactly(name + "LogGroup.Arn");
        });
    }

    /** SAM sees no change where only a parameter's value has changed: the alias would keep the version with the old one. */
    @Test
    void aVersionIsPublishedForAChangedParameterOfItsFunctionAndForNoOther() {
        assertThat(APPLICATION.functions()).allSatisfy((name, function) -> {
            ObjectNode others = function.deepCopy();
            JsonNode description = others.remove("VersionDescription");

            assertThat(parameters(description == null ? others.objectNode() : description))
                    .as(name)
                    .isEqualTo(parameters(others));
        });
        assertThat(parameters(APPLICATION.root().path("Globals"))).isEmpty();
    }

    /** Those that part of the application refers to, by itself or in a condition. */
    private static Set<String> parameters(JsonNode part) {
        Set<String> found = new Template("part", part).references();
        Pattern.compile("\"Fn::If\":\\[\"(\\w+)\"")
                .matcher(part.toString())
                .results()
                .map(match -> APPLICATION.root().path("Conditions").path(match.group(1)))
                .forEach(condition -> found.addAll(new Template("condition", condition).references()));
        found.retainAll(names(APPLICATION.root().path("Parameters")));
        return found;
    }

    @Test
    void theVersionBeforeIsKeptToGoBackTo() {
        assertThat(APPLICATION.root().path("Resources").properties())
                .filteredOn(resource -> resource.getValue().path("Properties").has("VersionDescription"))
                .isNotEmpty()
                .allSatisfy(resource -> assertThat(
                                resource.getValue().path("UpdateReplacePolicy").asText())
                        .isEqualTo("Retain"));
    }

    @Test
    void eachLogGroupForgetsInTime() {
        Stream.of(APPLICATION, Template.read("infra/intake.yaml"))
                .flatMap(template -> template.resources("AWS::Logs::LogGroup").values().stream())
                .forEach(group ->
                        assertThat(group.at("/RetentionInDays/Ref").asText()).isEqualTo("LogRetentionDays"));
    }

    @Test
    void noPolicyNamesEveryResourceExceptWhereTheActionsTakeNone() {
        Set<String> open = Template.all().stream()
                .flatMap(template -> template.statements().stream())
                .filter(Statement::allows)
                .filter(statement -> statement.resources().contains("*"))
                .map(statement -> statement.owner() + "/" + statement.sid())
                .collect(Collectors.toSet());

        assertThat(open).isEqualTo(WILDCARDS.keySet());
    }

    @Test
    void noRoleOfTheApplicationAllowsEveryActionOfAService() {
        assertThat(Template.all())
                .filteredOn(template -> !template.name().contains("deploy-role"))
                .flatExtracting(Template::statements)
                .filteredOn(Statement::allows)
                .flatExtracting(Statement::actions)
                .isNotEmpty()
                .noneMatch(action -> action.contains("*"));
    }

    @Test
    void theTableIsTheOneThatTheStoreExpects() {
        JsonNode table = APPLICATION.resource("Table");
        var expected = TableSchema.table("any");

        assertThat(Template.elements(table.path("KeySchema")))
                .extracting(key -> key.path("AttributeName").asText() + " "
                        + key.path("KeyType").asText())
                .containsExactlyElementsOf(expected.keySchema().stream()
                        .map(key -> key.attributeName() + " " + key.keyTypeAsString())
                        .toList());
        assertThat(Template.elements(table.path("AttributeDefinitions")))
                .extracting(it -> it.path("AttributeName").asText() + " "
                        + it.path("AttributeType").asText())
                .containsExactlyInAnyOrderElementsOf(expected.attributeDefinitions().stream()
                        .map(it -> it.attributeName() + " " + it.attributeTypeAsString())
                        .toList());
        assertThat(Template.elements(table.path("GlobalSecondaryIndexes"))
                        .map(index -> index.path("IndexName").asText()))
                .containsExactlyInAnyOrderElementsOf(expected.globalSecondaryIndexes().stream()
                        .map(index -> index.indexName())
                        .toList());
        assertThat(table.at("/TimeToLiveSpecification/AttributeName").asText()).isEqualTo(TableSchema.TTL);
        assertThat(table.path("BillingMode").asText()).isEqualTo(expected.billingModeAsString());
    }

    @Test
    void whatCostMoneyOutlivesTheStack() {
        for (String kept : List.of("Table", "Bucket")) {
            JsonNode resource = APPLICATION.root().at("/Resources/" + kept);
            assertThat(resource.path("DeletionPolicy").asText()).isEqualTo("Retain");
            assertThat(resource.path("UpdateReplacePolicy").asText()).isEqualTo("Retain");
        }
    }

    @Test
    void itSaysWhichReleaseItIs() throws IOException {
        String version =
                APPLICATION.root().at("/Mappings/Reelbatch/Release/Version").asText();

        assertThat(Files.readString(Template.root("pom.xml"))).contains("<version>" + version + "</version>");
    }

    @Test
    void theCommandFindsWhatItLooksFor() throws IOException {
        JsonNode value = APPLICATION.resource("OutputsParameter").at("/Value/Fn::Sub/0");

        assertThat(names(new JsonMapper().readTree(value.asText())))
                .containsExactlyInAnyOrder(
                        "stateMachineArn",
                        "bucket",
                        "table",
                        "apiUrl",
                        "queueUrl",
                        "topicArn",
                        "undeliveredUrl",
                        "region",
                        "version");
        assertThat(APPLICATION.resource("OutputsParameter").at("/Name/Fn::Sub").asText())
                .isEqualTo("/reelbatch/${AWS::StackName}/outputs");
    }

    /** A name that CloudFormation makes has stack, logical name and 12 or 13 random characters, with hyphens, within 64. */
    @Test
    void theRoleForDeployingTakesNoStackWhoseNameIsCutOffInOthers() {
        String pattern = Template.read("infra/deploy-role.yaml")
                .root()
                .at("/Parameters/StackName/AllowedPattern")
                .asText();
        int longest = Stream.of("AWS::Serverless::Function", "AWS::IAM::Role")
                .flatMap(type -> APPLICATION.resources(type).keySet().stream())
                .mapToInt(String::length)
                .max()
                .orElseThrow();

        assertThat("s".repeat(64 - longest - 15 + 1)).doesNotMatch(pattern);
        assertThat("reelbatch").matches(pattern);
    }

    /** The stand-in for CloudFormation in the rehearsal leaves nested stacks out, so their seams are looked at here. */
    @Test
    void aNestedStackGetsTheParametersThatItHas() {
        assertThat(nested()).hasSize(2).allSatisfy((name, template) -> {
            JsonNode declared = template.root().path("Parameters");
            Set<String> required = names(declared);
            required.removeIf(parameter -> declared.path(parameter).has("Default"));
            Set<String> given = names(APPLICATION.resource(name).path("Parameters"));

            assertThat(given).as(name).containsAll(required);
            assertThat(names(declared)).as(name).containsAll(given);
        });
    }

    @Test
    void eachOutputOfANestedStackThatIsUsedIsThereAndEachThatIsThereIsUsed() {
        assertThat(nested()).allSatisfy((name, template) -> {
            Set<String> used = Pattern.compile("\"" + name + "\\.Outputs\\.(\\w+)\"")
                    .matcher(APPLICATION.root().toString())
                    .results()
                    .map(match -> match.group(1))
                    .collect(Collectors.toCollection(TreeSet::new));

            assertThat(used).as(name).isEqualTo(names(template.root().path("Outputs")));
        });
    }

    /** Whatever a template refers to, it has: in a nested stack nothing of the application's is at hand. */
    @Test
    void eachReferenceFindsItsParameterOrResource() {
        assertThat(Template.all()).allSatisfy(template -> {
            Set<String> known = names(template.root().path("Parameters"));
            known.addAll(names(template.root().path("Resources")));

            assertThat(template.references())
                    .as(template.name())
                    .isNotEmpty()
                    .allSatisfy(name -> assertThat(known).contains(name));
        });
    }

    private static Map<String, Template> nested() {
        Map<String, Template> nested = new HashMap<>();
        APPLICATION
                .resources("AWS::CloudFormation::Stack")
                .forEach((name, stack) ->
                        nested.put(name, Template.read(stack.path("TemplateURL").asText())));
        return nested;
    }

    @Test
    void eachAlarmIsInTheRunbook() throws IOException {
        String runbook = Files.readString(Template.root("docs/runbook.md"));
        Map<String, JsonNode> alarms = Template.read("infra/observability.yaml").resources("AWS::CloudWatch::Alarm");

        assertThat(alarms.values()).isNotEmpty().allSatisfy(alarm -> {
            String name = alarm.at("/AlarmName/Fn::Sub").asText().replace("${StackName}-", "");
            assertThat(alarm.path("AlarmDescription").asText()).endsWith("See " + name + " in docs/runbook.md.");
            assertThat(runbook).contains("\n## " + name + "\n");
        });
        assertThat(runbook.lines().filter(line -> line.startsWith("## "))).hasSameSizeAs(alarms.keySet());
    }
}
