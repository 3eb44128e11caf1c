package io.reelbatch.domain.plan;

/**
 * Where a job stands among those that it is connected with by their images.
 *
 * @param chain index of the chain's first job: its name
 * @param level 0 for a job that needs no other, else one more than the highest level that it needs
 */
public record ChainPlace(int chain, int level) {}
