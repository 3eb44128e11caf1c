package io.reelbatch.domain.config;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.catchThrowableOfType;

import io.reelbatch.domain.plan.JobType;
import java.nio.charset.StandardCharsets;
import java.util.List;
import java.util.Optional;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.Arguments;
import org.junit.jupiter.params.provider.MethodSource;

/** Jobs from the rows of a CSV file. */
class JobsFromTableTest {
    private static final String CONFIG = """
            jobs_from: products.csv
            template:
              id: "{{sku}}"
              name: "{{ name }}"
              type: image
              model: m/x
              prompt: Studio photo of {{name}}, {{color}}
            """;

    @Test
    void eachRowIsAJobOfTheTemplate() {
        BatchConfig config = read(CONFIG, "sku,name,color\n1,Mug,sand\n2,\"Cup, large\",\"dark \"\"sage\"\"\"\n");

        assertThat(config.jobs())
                .extracting(JobConfig::prompt)
                .containsExactly("Studio photo of Mug, sand", "Studio photo of Cup, large, dark \"sage\"");
        assertThat(config.jobs()).extracting(JobConfig::name).containsExactly("Mug", "Cup, large");
        assertThat(config.jobs()).extracting(JobConfig::id).containsExactly(Optional.of("1"), Optional.of("2"));
        assertThat(config.jobs()).extracting(JobConfig::index).containsExactly(0, 1);
    }

    @Test
    void rowsFollowTheJobsThatAreWrittenOut() {
        BatchConfig config = read(
                "jobs: [{name: Hero, type: image, model: m/x, prompt: p}]\n" + CONFIG, "sku,name,color\n1,Mug,sand\n");

        assertThat(config.jobs()).extracting(JobConfig::name).containsExactly("Hero", "Mug");
    }

    @Test
    void whatACellSaysIsNeitherYamlNorAPlaceholder() {
        BatchConfig config = read(
                CONFIG + "  params: {note: \"{{color}}\", keep: off2}\n",
                "sku,name,color\n1,\"off: [x]\n- {{sku}} $1 \\0\",007\n");

        assertThat(config.jobs().get(0).name()).isEqualTo("off: [x]\n- {{sku}} $1 \\0");
        assertThat(config.jobs().get(0).params().path("note").textValue()).isEqualTo("007");
    }

    @Test
    void withoutATemplateColumnsAreFieldsAndEmptyCellsAreLeftToTheDefaults() {
        BatchConfig config = read(
                "jobs_from: jobs.csv\ndefaults: {type: image, model: m/x, height: 512}",
                "name,prompt,type,width,duration\r\nMug,a mug,,640,\r\n\r\nClip,a clip,video,,7s\r\n");

        assertThat(config.jobs()).extracting(JobConfig::type).containsExactly(JobType.IMAGE, JobType.VIDEO);
        assertThat(config.jobs()).extracting(JobConfig::width).containsExactly(Optional.of(640), Optional.empty());
        assertThat(config.jobs()).extracting(JobConfig::duration).containsExactly(Optional.empty(), Optional.of(7));
        assertThat(config.jobs().get(0).height()).contains(512);
    }

    @Test
    void theMarkThatSpreadsheetsWriteInFrontIsNoPartOfTheFirstColumn() {
        assertThat(read(CONFIG, "\uFEFFsku,name,color\n1,Mug,sand").jobs()).hasSize(1);
    }

    @Test
    void whatAJobsModelDoesNotTakeIsToldWithTheRow() {
        BatchConfig config = read(CONFIG, "sku,name,color\n1,Mug,sand\n2,Cup,sage\n");

        assertThat(config.problem(config.jobs().get(1), "image", "is needed"))
                .hasToString("folder/products.csv:3: job \"Cup\": image: is needed");
        assertThat(config.problem(config.jobs().get(1), "model", "is odd"))
                .as("the row, of which the template is a part")
                .hasToString("folder/products.csv:3: job \"Cup\": model: is odd");
    }

    static Stream<Arguments> refusals() {
        String table = "folder/products.csv";
        return Stream.of(
                Arguments.of("", table + ": is empty; its first row must name the columns, such as name,prompt"),
                Arguments.of("sku,name,color\n", table + ": has no row under the one that names its columns"),
                Arguments.of(
                        "sku;name;color\n1;2;3",
                        table + ":1: has no comma between its columns; save it as CSV with commas"),
                Arguments.of("sku,,color\n1,2,3", table + ":1: column 2 has no name; the first row names them all"),
                Arguments.of("sku,name,sku\n1,2,3", table + ":1: has two columns \"sku\"; rename one of them"),
                Arguments.of(
                        "sku,name,color\n1,Mug\n",
                        table + ":2: the row has 2 cells, and the first row names 3 columns"),
                Arguments.of(
                        "sku,name,color\n0,\"a\nb\",c\n1,Mug,sand,grey\n",
                        table
                                + ":4: the row has 4 cells, and the first row names 3 columns; put a text that has a comma in"
                                + " double quotes"),
                Arguments.of(
                        "sku,name,color\n1,Mug,sand\n2,Cup,sand\n1,Mug,sand\n",
                        table
                                + ":4: the row is the same as the one on line 2, and would be paid for twice; remove one of"
                                + " them"),
                Arguments.of(
                        "sku,name,color\n1,\"Mug,sand\n", table + ":3: is not CSV: Missing closing quote for value"),
                Arguments.of(
                        "sku,name,color\n1,\"Mug\"s,sand\n",
                        table + ":2: is not CSV: Unexpected character ('s' (code 115)): Expected column separator"
                                + " character (',' (code 44)) or end-of-line"),
                Arguments.of(
                        "sku,Name,color\n1,Mug,sand",
                        "a.yaml:4: template.name: names no column of folder/products.csv: there is no \"name\", there are"
                                + " sku, Name, color; did you mean `Name`?"),
                Arguments.of(
                        "sku,name,color\n1,Mug,sand\n1,Cup,sand",
                        table + ":3: job \"Cup\": id: \"1\" is taken by job #1 (line 2); give each job its own id"),
                Arguments.of(
                        "sku,name,color\n1, ,sand",
                        table + ":2: job #1: name: must be text of 1 to 200 characters (is \" \")"));
    }

    @ParameterizedTest
    @MethodSource("refusals")
    void aTableThatCannotBeReadIsToldInOneClearLine(String csv, String problem) {
        List<String> problems = problems(CONFIG, csv.getBytes(StandardCharsets.UTF_8));

        assertThat(problems.stream().filter(line -> !line.contains("template.prompt")))
                .containsExactly(problem);
    }

    @Test
    void anEmptyPromptIsToldWithItsRow() {
        String config =
                "jobs_from: products.csv\ntemplate: {name: \"{{n}}\", type: image, model: m/x, prompt: \"{{p}}\"}";

        assertThat(problems(config, bytes("n,p\nA,x\nB,\n")))
                .containsExactly("folder/products.csv:3: job \"B\": prompt: must be text that is not empty (is empty)");
    }

    @Test
    void whatIsWrongInEveryRowIsToldOnceWhereItStands() {
        String csv = "sku,name,color\n1,Mug,sand\n2,Cup,sand\n";

        assertThat(problems(CONFIG + "  width: -5\n", bytes(csv)))
                .containsExactly("a.yaml:8: template.width: must be a whole number of pixels from 1 to 16384 (is -5)");
        assertThat(problems(CONFIG.replace("  model: m/x\n", ""), bytes(csv)))
                .containsExactly("a.yaml:2: template.model: is missing");
        assertThat(problems(CONFIG + "  promt: x\n", bytes(csv)))
                .containsExactly("a.yaml:8: template.promt: is not a field here; did you mean `prompt`?");
        assertThat(problems("jobs_from: products.csv", bytes("name,prompt,type\nA,a,image\nB,b,image\n")))
                .containsExactly("folder/products.csv:1: model: is missing");
    }

    @Test
    void withoutATemplateEveryColumnMustBeAField() {
        assertThat(problems("jobs_from: products.csv", bytes("name,prompt,colour\nA,a,red\n")))
                .containsExactly("folder/products.csv:1: colour: is not a column that makes a job by itself; remove it,"
                        + " or add a `template` to the config that says where it goes");
    }

    @Test
    void bytesThatAreNoTextAreRefused() {
        assertThat(problems(CONFIG, "sku,name,color\n1,Café,x".getBytes(StandardCharsets.ISO_8859_1)))
                .containsExactly("folder/products.csv:2: is not UTF-8: byte 20 is 0xE9; save the file as UTF-8");
        assertThat(problems(CONFIG, new byte[ConfigReader.MAX_BYTES + 1]))
                .containsExactly("folder/products.csv: is larger than 64 MB; split the batch");
    }

    @Test
    void moreRowsThanABatchHasJobsAreRefused() {
        String rows = "sku,name,color\n" + numbered(100_001);

        assertThat(problems(CONFIG, bytes(rows)))
                .containsExactly("folder/products.csv: has more than 100,000 rows; split the batch");
    }

    @Test
    void aTableThatIsNotThereIsToldWhereItIsNamed() {
        assertThat(problems(CONFIG, new Tables.Found.Unusable("names a file that is not there: x")))
                .containsExactly("a.yaml:1: jobs_from: names a file that is not there: x");
        assertThat(catchThrowableOfType(
                        InvalidConfigException.class, () -> new ConfigReader().read("a.yaml", bytes(CONFIG))))
                .hasMessage("a.yaml:1: jobs_from: cannot be read: this config came without any other file");
    }

    @Test
    void aTemplateWithoutATableAndPlaceholdersWithoutQuotesAreExplained() {
        assertThat(problems(CONFIG.replace("jobs_from", "x-from"), bytes("a\n1")))
                .containsExactly(
                        "a.yaml: jobs: is missing",
                        "a.yaml:2: template: is the job to make of each row of a table: name that under `jobs_from`");
        assertThat(problems("jobs_from: a.csv\ntemplate:\n  name: {{name}}\n", bytes("a\n1")))
                .containsExactly(
                        "a.yaml:3: has a key here that is not a word; a value that starts with {{ must stand in"
                                + " double quotes");
    }

    private static String numbered(int rows) {
        StringBuilder text = new StringBuilder();
        for (int i = 0; i < rows; i++) {
            text.append(i).append(",n,c\n");
        }
        return text.toString();
    }

    private static BatchConfig read(String config, String csv) {
        return new ConfigReader().read("a.yaml", bytes(config), tables(table(bytes(csv))));
    }

    private static List<String> problems(String config, byte[] csv) {
        return problems(config, table(csv));
    }

    private static List<String> problems(String config, Tables.Found found) {
        InvalidConfigException refused = catchThrowableOfType(
                InvalidConfigException.class, () -> new ConfigReader().read("a.yaml", bytes(config), tables(found)));
        return refused.problems().stream().map(ConfigProblem::toString).toList();
    }

    private static Tables.Found table(byte[] csv) {
        return new Tables.Found.Table("folder/products.csv", csv);
    }

    private static Tables tables(Tables.Found found) {
        return reference -> found;
    }

    private static byte[] bytes(String text) {
        return text.getBytes(StandardCharsets.UTF_8);
    }
}
