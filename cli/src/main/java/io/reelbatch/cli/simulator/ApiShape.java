package io.reelbatch.cli.simulator;

/** The two families of answers that servers of this API give. */
public enum ApiShape {
    /** The provider's own: an envelope of {@code code}, {@code message} and {@code data}. */
    ATLAS,
    /** The tutorial's: {@code {"request_id"}} at submit, {@code /prediction/{id}/get} with a bare {@code status} and {@code output}. */
    TUTORIAL
}
