package io.reelbatch.cli.simulator;

import java.util.LinkedHashMap;
import java.util.Map;

/**
 * How long models take and what they cost.
 *
 * @param times range of generation times by a word of the model's id, first match first
 * @param otherTimes range for every other model
 * @param prices price by the model's whole id
 * @param otherPrice price of every other model
 */
public record ModelTable(Map<String, Span> times, Span otherTimes, Map<String, Price> prices, Price otherPrice) {
    /** Keeps the order of the maps. */
    public ModelTable {
        times = new LinkedHashMap<>(times);
        prices = new LinkedHashMap<>(prices);
    }

    /** The times the tutorial measured, and the prices of its table; 0.05 USD for a model it does not name. */
    public static ModelTable tutorial() {
        Map<String, Span> times = new LinkedHashMap<>();
        times.put("flux", Span.seconds(5, 20));
        times.put("seedance", Span.seconds(30, 90));
        times.put("veo", Span.seconds(60, 120));
        times.put("sora", Span.seconds(60, 180));
        Map<String, Price> prices = new LinkedHashMap<>();
        prices.put("black-forest-labs/flux-2-pro/text-to-image", Price.each("0.04"));
        prices.put("google/imagen4-ultra/text-to-image", Price.each("0.06"));
        prices.put("bytedance/seedance-v1.5-pro/text-to-video", Price.second("0.022"));
        prices.put("google/veo3.1/text-to-video", Price.second("0.03"));
        prices.put("openai/sora-v2/text-to-video", Price.second("0.15"));
        return new ModelTable(times, Span.seconds(10, 30), prices, Price.each("0.05"));
    }

    /** This table with another range for the models whose id contains {@code word}. */
    public ModelTable withTime(String word, Span span) {
        Map<String, Span> changed = new LinkedHashMap<>();
        changed.put(word, span);
        times.forEach(changed::putIfAbsent);
        return new ModelTable(changed, otherTimes, prices, otherPrice);
    }

    /** This table with another price for one model. */
    public ModelTable withPrice(String model, Price price) {
        Map<String, Price> changed = new LinkedHashMap<>(prices);
        changed.put(model, price);
        return new ModelTable(times, otherTimes, changed, otherPrice);
    }

    Span time(String model) {
        return times.entrySet().stream()
                .filter(entry -> model.contains(entry.getKey()))
                .map(Map.Entry::getValue)
                .findFirst()
                .orElse(otherTimes);
    }

    Price price(String model) {
        return prices.getOrDefault(model, otherPrice);
    }
}
