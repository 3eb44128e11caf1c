package io.reelbatch.domain.catalog;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.Optional;

/** How a model takes width and height. */
public sealed interface SizeRule {
    /** Whether such a size can be sent, give or take what {@link Ratio} rounds. */
    boolean allows(int width, int height);

    /** Puts the nearest size that the model takes into a request, and returns it in the model's own words. */
    String apply(ObjectNode request, int width, int height);

    /** What the model takes, for people; empty when any size can be sent. */
    String allowed();

    /** Names of the parameters that this rule sets. */
    List<String> params();

    /** Reads the rule from catalog data. */
    static SizeRule from(JsonNode data) {
        if (data.has("ratios")) {
            List<String> ratios = new ArrayList<>();
            data.path("ratios").forEach(ratio -> ratios.add(ratio.asText()));
            return new Ratio(data.path("param").asText("aspect_ratio"), List.copyOf(ratios));
        }
        if (data.has("separator")) {
            return new Joined(
                    data.path("param").asText("size"), data.path("separator").asText());
        }
        return new Separate();
    }

    /** Two parameters, {@code width} and {@code height}, in pixels. */
    record Separate() implements SizeRule {
        @Override
        public boolean allows(int width, int height) {
            return true;
        }

        @Override
        public String apply(ObjectNode request, int width, int height) {
            request.put("width", width).put("height", height);
            return width + "x" + height;
        }

        @Override
        public String allowed() {
            return "";
        }

        @Override
        public List<String> params() {
            return List.of("width", "height");
        }
    }

    /**
     * One text such as {@code 1024*768}.
     *
     * @param param name of the parameter
     * @param separator what stands between the two figures
     */
    record Joined(String param, String separator) implements SizeRule {
        @Override
        public boolean allows(int width, int height) {
            return true;
        }

        @Override
        public String apply(ObjectNode request, int width, int height) {
            String size = width + separator + height;
            request.put(param, size);
            return size;
        }

        @Override
        public String allowed() {
            return "";
        }

        @Override
        public List<String> params() {
            return List.of(param);
        }
    }

    /**
     * An aspect ratio only; the model chooses the pixels.
     *
     * @param param name of the parameter
     * @param ratios allowed values, such as {@code 16:9}
     */
    record Ratio(String param, List<String> ratios) implements SizeRule {
        /** Sizes are whole multiples of 8 or 16 pixels for many models, so 1344x768 passes as 16:9. */
        private static final double TOLERANCE = Math.log(1.03);

        public Ratio {
            ratios = List.copyOf(ratios);
        }

        @Override
        public boolean allows(int width, int height) {
            return distance(nearest(width, height), width, height) <= TOLERANCE;
        }

        @Override
        public String apply(ObjectNode request, int width, int height) {
            String ratio = nearest(width, height);
            request.put(param, ratio);
            return ratio;
        }

        @Override
        public String allowed() {
            return "the aspect ratios " + Words.anyOf(ratios);
        }

        @Override
        public List<String> params() {
            return List.of(param);
        }

        private String nearest(int width, int height) {
            Optional<String> nearest =
                    ratios.stream().min(Comparator.comparingDouble(ratio -> distance(ratio, width, height)));
            return nearest.orElseThrow(() -> new IllegalStateException("no ratios for " + param));
        }

        private static double distance(String ratio, int width, int height) {
            int colon = ratio.indexOf(':');
            double wide = Double.parseDouble(ratio.substring(0, colon));
            double high = Double.parseDouble(ratio.substring(colon + 1));
            return Math.abs(Math.log(wide / high) - Math.log((double) width / height));
        }
    }
}
