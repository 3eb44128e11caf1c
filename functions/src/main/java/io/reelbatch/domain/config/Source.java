package io.reelbatch.domain.config;

import com.fasterxml.jackson.databind.JsonNode;
import java.util.List;

/**
 * A file as a tree, before anything is checked against a schema.
 *
 * @param file its name
 * @param root its content
 * @param lines where everything stands
 * @param problems what is wrong with the notation itself, such as a key given twice
 */
record Source(String file, JsonNode root, Lines lines, List<ConfigProblem> problems) {}
