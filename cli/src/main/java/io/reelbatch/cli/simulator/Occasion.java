package io.reelbatch.cli.simulator;

/**
 * A moment at which something may go wrong.
 *
 * @param stage what is happening
 * @param model the model asked for
 * @param prompt the prompt asked for
 * @param job which submit of this model and prompt it is about, from 0: arrivals are counted at {@link
 *     Fault.Stage#SUBMIT}, accepted jobs at the later stages
 * @param attempt which request of this stage for this job it is, from 0; always 0 at the stages drawn once per job
 */
public record Occasion(Fault.Stage stage, String model, String prompt, int job, int attempt) {}
