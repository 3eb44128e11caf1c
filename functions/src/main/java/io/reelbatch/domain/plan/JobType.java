package io.reelbatch.domain.plan;

import com.fasterxml.jackson.annotation.JsonProperty;

/** What a job makes; decides its endpoint, its folder and its default timeout. */
public enum JobType {
    @JsonProperty("image")
    IMAGE("images"),
    @JsonProperty("video")
    VIDEO("videos");

    private final String folder;

    JobType(String folder) {
        this.folder = folder;
    }

    /** Folder under the batch's output folder, without a slash. */
    public String folder() {
        return folder;
    }

    /** The word used in configs, records and the manifest. */
    public String word() {
        return this == IMAGE ? "image" : "video";
    }
}
