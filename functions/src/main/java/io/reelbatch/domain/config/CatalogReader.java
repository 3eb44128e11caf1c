package io.reelbatch.domain.config;

import com.fasterxml.jackson.databind.node.ObjectNode;
import io.reelbatch.domain.catalog.Catalog;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;

/** Reads catalog files, YAML or JSON, that go on top of another catalog. */
public final class CatalogReader {
    private static final String SCHEMA = "/io/reelbatch/schemas/catalog.schema.json";

    private CatalogReader() {}

    /**
     * A catalog with the entries of a file on top.
     *
     * @param fileName what to call it in messages
     * @param content UTF-8, up to 64 MB
     * @throws InvalidConfigException with every problem that was found
     */
    public static Catalog read(Catalog base, String fileName, byte[] content) {
        SchemaCheck schema = SchemaCheck.load(SCHEMA);
        Source source = SourceReader.read(fileName, content, schema.shape());
        List<ConfigProblem> problems = new ArrayList<>(source.problems());
        problems.addAll(schema.check(source).problems());
        if (!problems.isEmpty() || !(source.root() instanceof ObjectNode root)) {
            throw new InvalidConfigException(problems, Optional.empty());
        }
        return base.withEntries(root, fileName);
    }
}
