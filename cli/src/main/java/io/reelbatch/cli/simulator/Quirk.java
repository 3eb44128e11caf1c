package io.reelbatch.cli.simulator;

/** Oddities of the provider's answers, each of which a client has to live with. None fails a job. */
public enum Quirk {
    /** {@code "code": "200"} instead of a number. */
    CODE_AS_STRING,
    /** A failed generation is reported in an envelope of {@code code} 500, status 200. */
    FAILED_WITH_CODE_500,
    /** The submit answer waits for nothing and carries the finished outputs. */
    SYNCHRONOUS,
    /** The submit answer has no {@code urls.get}. */
    NO_GET_URL,
    /** {@code urls.get} names another host, where a client's key must not go. */
    FOREIGN_GET_URL,
    /** Answers come without an envelope: what is usually {@code data} is the answer. */
    UNWRAPPED,
    /** A finished prediction carries its settled {@code price}, as a string of USD. */
    SETTLED_PRICE,
    /** Requests whose User-Agent is a library's default are refused with 403 and an HTML page. */
    EDGE_BLOCKS_DEFAULT_AGENTS
}
