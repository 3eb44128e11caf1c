package io.reelbatch.domain.config;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.catchThrowableOfType;

import java.nio.charset.StandardCharsets;
import java.util.List;
import java.util.Optional;
import java.util.stream.Collectors;
import java.util.stream.IntStream;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.Arguments;
import org.junit.jupiter.params.provider.MethodSource;

/** What is refused, and in which words. */
class ConfigProblemsTest {
    private static final String JOB = "{name: A, type: video, model: m/x, prompt: p";

    static Stream<Arguments> refusals() {
        return Stream.of(
                // the file
                refusal("", "a.yaml: is empty"),
                refusal("# nothing\n", "a.yaml: is empty"),
                refusal("hello", "a.yaml: must be a mapping with a list of `jobs` (is \"hello\")"),
                refusal("- name: A\n", "a.yaml: must be a mapping with a list of `jobs` (is a list of 1)"),
                refusal(
                        "jobs: [" + JOB + "}]\n---\njobs: []",
                        "a.yaml:2: starts a second document here (---); a batch is one document"),
                refusal("jobs:\n\t- name: A", "a.yaml:2: has a tab here where YAML wants spaces"),
                refusal(
                        "jobs:\n- name: A: B",
                        "a.yaml:2: is not YAML: there is a colon where none can be; put text with a colon in quotes, and check the indentation"),
                refusal(
                        "jobs:\n- name: @A",
                        "a.yaml:2: is not YAML: text cannot start with this character; put it in quotes"),
                refusal("jobs:\n- name: \"A\n  type: image\n", "a.yaml:2: starts a quoted text here that does not end"),
                refusal("jobs: [", "a.yaml:1: is not YAML: expected the node content, but found '<stream end>'"),
                refusal(
                        "jobs:\n- name: A\u0007",
                        "a.yaml:2: has a control character (U+0007) that YAML does not allow"),
                refusal("jobs: *all", "a.yaml:1: uses *all, but nothing before it is marked &all"),
                refusal("jobs: &a [*a]", "a.yaml:1: uses *a, but nothing before it is marked &a"),
                refusal(
                        "? [a]\n: b",
                        "a.yaml:1: has a key here that is not a word; a value that starts with {{ must stand in double quotes"),
                refusal(
                        "jobs: [" + JOB + ", params: {a: !!binary aGk=}}]",
                        "a.yaml:1: job \"A\": params.a: the tag \"tag:yaml.org,2002:binary\" is not supported"),
                refusal(
                        "jobs: [" + JOB + ", params: {a: !x b}}]",
                        "a.yaml:1: job \"A\": params.a: the tag \"!x\" is not supported"),
                refusal(
                        "jobs: [" + JOB + ", <<: 3}]",
                        "a.yaml:1: job \"A\": takes a mapping after <<, such as *an_anchor"),
                refusal(
                        "output_dir: a\njobs: [" + JOB + "}]\noutput_dir: b",
                        "a.yaml:3: output_dir: is given twice (first on line 1)"),
                refusal(
                        "jobs:\n- " + JOB + ", prompt: q}",
                        "a.yaml:2: job \"A\": prompt: is given twice (first on line 2)"),
                // the batch
                refusal("output_dir: a", "a.yaml: jobs: is missing"),
                refusal("jobs:", "a.yaml: jobs: is missing"),
                refusal("jobs: []", "a.yaml:1: jobs: must be a list of 1 to 100,000 jobs (is empty)"),
                refusal("jobs: none", "a.yaml:1: jobs: must be a list of 1 to 100,000 jobs (is \"none\")"),
                refusal("jobs: {a: 1}", "a.yaml:1: jobs: must be a list of 1 to 100,000 jobs (is a mapping)"),
                batch("output_dir: \"\"", "output_dir: must be text that is not empty (is empty)"),
                batch("output_dir: ' '", "output_dir: must be text that is not empty (is \" \")"),
                batch("max_workers: 0", "max_workers: must be a whole number from 1 to 10000 (is 0)"),
                batch("max_workers: lots", "max_workers: must be a whole number from 1 to 10000 (is \"lots\")"),
                batch("max-workers: 2", "max-workers: is not a field here; did you mean `max_workers`?"),
                batch(
                        "colour: red",
                        "colour: is not a field here; there are $schema, output_dir, max_workers, budget, on_unknown_submit, api, reuse, max_download, prices, notify, defaults, jobs_from, template, jobs"),
                batch("budget: 0", "budget: must be an amount in USD over 0, such as 5.00 (is 0)"),
                batch("budget: $5", "budget: must be an amount in USD over 0, such as 5.00 (is \"$5\")"),
                batch("budget: 5,00", "budget: must be an amount in USD over 0, such as 5.00 (is \"5,00\")"),
                batch("on_unknown_submit: retry", "on_unknown_submit: must be `resubmit` or `fail` (is \"retry\")"),
                batch(
                        "on_unknown_submit: resubmt",
                        "on_unknown_submit: must be `resubmit` or `fail` (is \"resubmt\"); did you mean `resubmit`?"),
                batch(
                        "max_download: 2GiB",
                        "max_download: must be a number of bytes, or text such as 500MB or 4GB (is \"2GiB\")"),
                batch(
                        "max_download: 0",
                        "max_download: must be a number of bytes, or text such as 500MB or 4GB (is 0)"),
                batch("api: atlass", "api: must be `atlas` or `tutorial` (is \"atlass\"); did you mean `atlas`?"),
                batch(
                        "prices: {m/x: 0.04}",
                        "prices.m/x: must be one of per_image, per_second and per_item with an amount in USD, such as {per_second: 0.022} (is 0.04)"),
                batch(
                        "prices: {m/x: {per_image: 1, per_second: 1}}",
                        "prices.m/x: must be one of per_image, per_second and per_item with an amount in USD, such as {per_second: 0.022} (is a mapping)"),
                batch(
                        "prices: {m/x: {per_image: -1}}",
                        "prices.m/x.per_image: must be an amount in USD, such as 0.04 (is -1)"),
                batch(
                        "defaults: {name: A}",
                        "defaults.name: is not a field here; there are images, videos, type, model, width, height, duration, resolution, params, image, last_image, variations, retries, timeout, max_queue_wait"),
                batch(
                        "defaults: {image: {model: x}}",
                        "defaults.image: must be a file path, an https:// address, {from: \"name of another job\"} or a list of these (is a mapping)"),
                batch(
                        "defaults: {images: {widht: 3}}",
                        "defaults.images.widht: is not a field here; did you mean `width`?"),
                // a job
                refusal(
                        "jobs:\n- just text",
                        "a.yaml:2: job #1: must be a mapping with name, type, model and prompt (is \"just text\")"),
                refusal("jobs:\n-", "a.yaml:2: job #1: must be a mapping with name, type, model and prompt (is empty)"),
                refusal("jobs:\n- {type: image, model: m, prompt: p}", "a.yaml:2: job #1: name: is missing"),
                refusal("jobs:\n- {name: A, type: image, model: m}", "a.yaml:2: job \"A\": prompt: is missing"),
                refusal("jobs:\n- {name: A, type: image, prompt: p}", "a.yaml:2: job \"A\": model: is missing"),
                refusal("jobs:\n- {name: A, model: m, prompt: p}", "a.yaml:2: job \"A\": type: is missing"),
                refusal(
                        "jobs:\n- {name: \"\", type: image, model: m, prompt: p}",
                        "a.yaml:2: job #1: name: must be text of 1 to 200 characters (is empty)"),
                refusal(
                        "jobs:\n- {name: A, type: image, model: m, prompt: \" \\n\"}",
                        "a.yaml:2: job \"A\": prompt: must be text that is not empty (is \" \\n\")"),
                refusal(
                        "jobs:\n- {name: A, type: audio, model: m, prompt: p}",
                        "a.yaml:2: job \"A\": type: must be `image` or `video` (is \"audio\")"),
                refusal(
                        "jobs:\n- {name: A, type: vidoe, model: m, prompt: p}",
                        "a.yaml:2: job \"A\": type: must be `image` or `video` (is \"vidoe\"); did you mean `video`?"),
                refusal(
                        "jobs:\n- {name: A, type: image, model: m, promt: p}",
                        "a.yaml:2: job \"A\": promt: is not a field here; did you mean `prompt`?"),
                refusal(
                        "jobs:\n- {name: A, type: image, model: a b, prompt: p}",
                        "a.yaml:2: job \"A\": model: must be a model id, such as google/imagen4-ultra/text-to-image (is \"a b\")"),
                job("width: 0", "width: must be a whole number of pixels from 1 to 16384 (is 0)"),
                job("height: -1", "height: must be a whole number of pixels from 1 to 16384 (is -1)"),
                job("width: 10.5", "width: must be a whole number of pixels from 1 to 16384 (is 10.5)"),
                job("width: \"1024\"", "width: must be a whole number of pixels from 1 to 16384 (is \"1024\")"),
                job("width: 1e99", "width: must be a whole number of pixels from 1 to 16384 (is 1E+99)"),
                job("duration: -5", "duration: must be a whole number of seconds, at least 1 (is -5)"),
                job("duration: 0s", "duration: must be a whole number of seconds, at least 1 (is \"0s\")"),
                job("duration: 1m", "duration: must be a whole number of seconds, at least 1 (is \"1m\")"),
                job("duration: 4000s", "duration: must be at most 3600 seconds (is 4000)"),
                job(
                        "timeout: 0",
                        "timeout: must be a time from 1s to 24h: seconds, or text such as 90s, 10m or 1h30m (is 0)"),
                job(
                        "timeout: soon",
                        "timeout: must be a time from 1s to 24h: seconds, or text such as 90s, 10m or 1h30m (is \"soon\")"),
                job("timeout: 0m", "timeout: must be a time from 1s to 24h (is \"0m\")"),
                job("max_queue_wait: 25h", "max_queue_wait: must be a time from 1s to 24h (is \"25h\")"),
                job("retries: -1", "retries: must be a whole number from 0 to 10 (is -1)"),
                job("params: fast", "params: must be a mapping of model parameters (is \"fast\")"),
                job(
                        "params: {a: {b: off}}",
                        "params.a.b: `off` can mean a word or true/false: write \"off\" in quotes, or true or false"),
                job("params: {prompt: x}", "params.prompt: belongs on the job itself, not under params"),
                job("seed: 7", "seed: is not a field of a job; the model's own parameters go under `params`"),
                job("id: ' '", "id: must be text of 1 to 200 characters (is \" \")"),
                job(
                        "params: {a: \"\\ud83d\"}",
                        "params.a: has half a character (a lone surrogate such as \\ud83d); write the whole character"),
                job(
                        "params: {text: " + "x".repeat(307_200) + "}",
                        "is larger than 300 KB; shorten its prompt or params"),
                refusal(
                        "jobs:\n- " + JOB + ", id: x}\n- " + JOB + ", id: x}",
                        "a.yaml:3: job \"A\": id: \"x\" is taken by job #1 (line 2); give each job its own id"));
    }

    @ParameterizedTest
    @MethodSource("refusals")
    void isRefusedInOneClearLine(String config, String problem) {
        assertThat(problems("a.yaml", config)).containsExactly(problem);
    }

    private static Arguments refusal(String config, String problem) {
        return Arguments.of(config, problem);
    }

    private static Arguments batch(String field, String problem) {
        return Arguments.of("jobs: [" + JOB + "}]\n" + field, "a.yaml:2: " + problem);
    }

    private static Arguments job(String field, String problem) {
        return Arguments.of(
                "jobs:\n- " + JOB + ",\n   " + field + "}",
                "a.yaml:" + (problem.startsWith("is larger") ? 2 : 3) + ": job \"A\": " + problem);
    }

    static Stream<Arguments> brokenJson() {
        return Stream.of(
                Arguments.of(
                        "{\"jobs\": [],}",
                        "a.json:1: is not JSON: there is a comma before this }, or a value is missing"),
                Arguments.of(
                        "{\"jobs\": [1,]}",
                        "a.json:1: is not JSON: there is a comma before this ], or a value is missing"),
                Arguments.of(
                        "{\"jobs\": []",
                        "a.json:1: is not JSON: it ends too early; a closing }, ] or double quote is missing"),
                Arguments.of(
                        "{\"a\": 1 \"b\": 2}",
                        "a.json:1: is not JSON: a comma or a closing } or ] is missing before this"),
                Arguments.of("{'jobs': []}", "a.json:1: is not JSON: the name of a field must stand in double quotes"),
                Arguments.of(
                        "{\n// mine\n}",
                        "a.json:2: is not JSON: it takes no comments; a config with comments can be YAML"),
                Arguments.of("{\"jobs\": +}", "a.json:1: is not JSON: Unexpected character ('+'"),
                Arguments.of("{\"jobs\": []} {}", "a.json:1: has something after the end of its JSON"),
                Arguments.of("", "a.json: is empty"),
                Arguments.of(
                        "{\n\"api\": \"atlas\",\n\"api\": \"atlas\", \"jobs\": 1}",
                        "a.json:3: api: is given twice (first on line 2)"),
                Arguments.of("[".repeat(100), "a.json:1: is nested more than 64 levels deep"));
    }

    @ParameterizedTest
    @MethodSource("brokenJson")
    void brokenJsonIsToldWithItsLine(String config, String problem) {
        assertThat(problems("a.json", config).get(0)).startsWith(problem);
    }

    @Test
    void everythingWrongIsToldAtOnceInTheOrderOfTheFile() {
        assertThat(problems("weekly.yaml", """
                max_worker: 5
                jobs:
                  - name: Hero Shot
                    type: image
                    model: m/x
                    promt: shoes
                  - name: Hero Shot
                    type: vidoe
                    model: m/x
                    prompt: ""
                    duration: -5
                    id: a
                  - name: Last
                    prompt: p
                    id: a
                """))
                .containsExactly(
                        "weekly.yaml:1: max_worker: is not a field here; did you mean `max_workers`?",
                        "weekly.yaml:6: job \"Hero Shot\": promt: is not a field here; did you mean `prompt`?",
                        "weekly.yaml:8: job \"Hero Shot\": type: must be `image` or `video` (is \"vidoe\"); did you mean `video`?",
                        "weekly.yaml:10: job \"Hero Shot\": prompt: must be text that is not empty (is empty)",
                        "weekly.yaml:11: job \"Hero Shot\": duration: must be a whole number of seconds, at least 1 (is -5)",
                        "weekly.yaml:13: job \"Last\": type: is missing",
                        "weekly.yaml:13: job \"Last\": model: is missing",
                        "weekly.yaml:15: job \"Last\": id: \"a\" is taken by job #2 (line 12); give each job its own id");
    }

    @Test
    void aProblemKeepsItsParts() {
        ConfigProblem problem = refused("a.yaml", bytes("jobs:\n- " + JOB + ", width: 0}"))
                .problems()
                .get(0);

        assertThat(problem)
                .isEqualTo(new ConfigProblem(
                        "a.yaml",
                        Optional.of(2),
                        Optional.of("A"),
                        Optional.of("width"),
                        "must be a whole number of pixels from 1 to 16384 (is 0)"));
    }

    @Test
    void aNameInAMessageIsShortAndDoesNotActOnTheTerminal() {
        assertThat(problems(
                        "a.yaml",
                        "jobs: [{name: \"a\\nb\\e[31m\u202E" + "x".repeat(100)
                                + "\", type: image, model: m, prompt: p, width: 0}]"))
                .singleElement()
                .asString()
                .startsWith("a.yaml:1: job \"a\\nb\\u001b[31m\\u202ex")
                .contains("x…\": width: must be")
                .hasSizeLessThan(200);
    }

    @Test
    void bytesThatAreNotUtf8AreNamed() {
        byte[] latin = "jobs:\n- name: Café".getBytes(StandardCharsets.ISO_8859_1);

        assertThat(refused("a.yaml", latin))
                .hasMessage("a.yaml:2: is not UTF-8: byte 17 is 0xE9; save the file as UTF-8");
        assertThat(refused("a.yaml", "jobs: []".getBytes(StandardCharsets.UTF_16)))
                .hasMessage("a.yaml: is UTF-16; save it as UTF-8");
        assertThat(refused("a.yaml", new byte[] {'a', (byte) 0xE2, (byte) 0x82}))
                .as("cut in the middle of a character")
                .hasMessage("a.yaml:1: is not UTF-8: byte 1 is 0xE2; save the file as UTF-8");
    }

    @Test
    void filesOver64MegabytesAreRefused() {
        assertThat(refused("a.yaml", new byte[64 * 1024 * 1024 + 1]))
                .hasMessage("a.yaml: is larger than 64 MB; split the batch");
    }

    @Test
    void moreThan100000JobsAreRefused() {
        String config = "{\"jobs\": [" + "1,".repeat(100_000) + "1]}";

        assertThat(refused("a.json", bytes(config)))
                .hasMessage("a.json:1: jobs: are 100001, and a batch has at most 100,000; split the batch");
    }

    @Test
    void aliasesThatUnfoldToBillionsAreRefused() {
        String bomb = IntStream.range(1, 10)
                .mapToObj(i -> "a" + i + ": &a" + i + " [" + ("*a" + (i - 1) + ",").repeat(10) + "]\n")
                .collect(Collectors.joining("", "a0: &a0 [x]\n", "jobs: *a9\n"));

        assertThat(refused("a.yaml", bytes(bomb)))
                .hasMessage(
                        "a.yaml: holds too many values once every anchor is unfolded; write a smaller file or split the batch");
    }

    @Test
    void aChainOfAliasesIsNotDeeperThanAnythingElse() {
        String chain = IntStream.range(1, 5000)
                .mapToObj(i -> "a" + i + ": &a" + i + " [*a" + (i - 1) + "]\n")
                .collect(Collectors.joining("", "a0: &a0 [x]\n", "jobs: *a4999\n"));

        assertThat(refused("a.yaml", bytes(chain))).hasMessage("a.yaml:64: is nested more than 64 levels deep");
    }

    @Test
    void anAnchorThatIsGivenAgainDoesNotEatItself() {
        assertThat(problems("a.yaml", "x-a: &a {name: A}\nx-b: &a {b: *a}\njobs: [*a]"))
                .containsExactly(
                        "a.yaml:2: job #1: b: is not a field of a job; the model's own parameters go under `params`",
                        "a.yaml:3: job #1: name: is missing",
                        "a.yaml:3: job #1: prompt: is missing",
                        "a.yaml:3: job #1: type: is missing",
                        "a.yaml:3: job #1: model: is missing");
    }

    @Test
    void theSameMistakeInManyJobsIsShownAHundredTimes() {
        String config = "jobs:\n" + ("- " + JOB + ", width: 0}\n").repeat(250);

        InvalidConfigException refused = refused("a.yaml", bytes(config));

        assertThat(refused.problems()).hasSize(250);
        assertThat(refused.getMessage()).hasLineCount(101).endsWith("... and 150 more");
    }

    private static List<String> problems(String file, String config) {
        return refused(file, bytes(config)).problems().stream()
                .map(ConfigProblem::toString)
                .toList();
    }

    private static InvalidConfigException refused(String file, byte[] config) {
        return catchThrowableOfType(InvalidConfigException.class, () -> new ConfigReader().read(file, config));
    }

    private static byte[] bytes(String config) {
        return config.getBytes(StandardCharsets.UTF_8);
    }
}
