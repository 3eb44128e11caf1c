package io.reelbatch.domain.plan;

/**
 * A job's place in its chain, the group of jobs that are connected by their images.
 *
 * @param chain index of the chain's first job: its name
 * @param level 0 for a job that needs no other, else one more than the highest level that it needs
 */
public record ChainPlace(int chain, int level) {}
