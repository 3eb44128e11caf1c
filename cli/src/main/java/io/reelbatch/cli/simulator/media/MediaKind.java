package io.reelbatch.cli.simulator.media;

/** Kinds of output, each with the one file format the simulator makes for it. */
public enum MediaKind {
    IMAGE("image/png", "png"),
    VIDEO("video/mp4", "mp4"),
    AUDIO("audio/wav", "wav");

    private final String contentType;
    private final String extension;

    MediaKind(String contentType, String extension) {
        this.contentType = contentType;
        this.extension = extension;
    }

    public String contentType() {
        return contentType;
    }

    /** Without a dot. */
    public String extension() {
        return extension;
    }
}
