package io.reelbatch.cli.local;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.TimeUnit;

/**
 * A Java process that has ended.
 *
 * @param said what it wrote, errors included
 */
record Child(int status, String said) {
    /** Nothing here takes a tenth of it: a hanging one is to fail. */
    private static final int LONGEST_SECONDS = 300;

    /**
     * Runs a class with the tests' class path.
     *
     * @param options for the JVM; those without a dash are variables of its environment
     */
    static Child run(Path home, List<String> options, Class<?> main, String... arguments)
            throws IOException, InterruptedException {
        List<String> command = new ArrayList<>();
        command.add(Path.of(System.getProperty("java.home"), "bin", "java").toString());
        command.add("-Dreelbatch.log=off");
        options.stream().filter(option -> option.startsWith("-")).forEach(command::add);
        command.addAll(List.of("-cp", System.getProperty("java.class.path"), main.getName()));
        command.addAll(List.of(arguments));
        Path output = Files.createTempFile(home, "child", ".txt");
        ProcessBuilder builder =
                new ProcessBuilder(command).redirectErrorStream(true).redirectOutput(output.toFile());
        options.stream().filter(option -> !option.startsWith("-")).forEach(option -> {
            int equals = option.indexOf('=');
            builder.environment().put(option.substring(0, equals), option.substring(equals + 1));
        });
        Process process = builder.start();
        if (!process.waitFor(LONGEST_SECONDS, TimeUnit.SECONDS)) {
            process.destroyForcibly();
            throw new AssertionError("does not end: " + Files.readString(output));
        }
        return new Child(process.exitValue(), Files.readString(output));
    }
}
