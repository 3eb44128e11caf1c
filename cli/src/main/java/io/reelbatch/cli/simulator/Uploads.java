package io.reelbatch.cli.simulator;

import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Locale;
import java.util.Optional;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.jspecify.annotations.Nullable;

/** Uploaded input files, kept in a temporary folder that {@link #close} deletes. */
final class Uploads implements AutoCloseable {
    private static final Pattern BOUNDARY = Pattern.compile("boundary=\"?([^\";]+)\"?");
    private static final Pattern FILENAME = Pattern.compile("filename=\"([^\"]*)\"");
    private static final Pattern TYPE = Pattern.compile("(?im)^content-type:\\s*([^\\s;]+)");

    /**
     * A file that was uploaded.
     *
     * @param name of its URL and in the folder: a number
     * @param filename what the client calls it
     */
    record Upload(String name, String filename, String contentType, int size) {
        /** {@code image}, {@code video}, {@code audio} or {@code file}. */
        String type() {
            String type = contentType
                    .substring(0, Math.max(0, contentType.indexOf('/')))
                    .toLowerCase(Locale.ROOT);
            return List.of("image", "video", "audio").contains(type) ? type : "file";
        }
    }

    private final List<Upload> uploads = new CopyOnWriteArrayList<>();
    private @Nullable Path folder;

    /**
     * Keeps the part called {@code file} of a multipart body.
     *
     * @throws BadRequest when there is none
     */
    synchronized Upload add(String contentType, byte[] body) throws BadRequest, IOException {
        Matcher boundary = BOUNDARY.matcher(contentType);
        if (!boundary.find()) {
            throw new BadRequest("the body is not multipart/form-data with a boundary");
        }
        // One character per byte: positions in the text are positions in the body.
        String text = new String(body, StandardCharsets.ISO_8859_1);
        String delimiter = "--" + boundary.group(1);
        int part = text.indexOf("name=\"file\"");
        int start = text.indexOf("\r\n\r\n", Math.max(0, part));
        int end = text.indexOf("\r\n" + delimiter, Math.max(0, start));
        if (part < 0 || start < 0 || end < 0) {
            throw new BadRequest("the body has no part called file");
        }
        String headers = text.substring(text.lastIndexOf(delimiter, part), start);
        int size = Math.max(0, end - start - 4);
        String name = Integer.toString(uploads.size() + 1);
        Upload upload = new Upload(
                name, group(FILENAME, headers, "upload"), group(TYPE, headers, "application/octet-stream"), size);
        try (var out = Files.newOutputStream(folder().resolve(name))) {
            out.write(body, end - size, size);
        }
        uploads.add(upload);
        return upload;
    }

    Optional<Upload> find(String name) {
        return uploads.stream().filter(upload -> upload.name().equals(name)).findFirst();
    }

    synchronized byte[] bytes(Upload upload) throws IOException {
        return Files.readAllBytes(folder().resolve(upload.name()));
    }

    @Override
    public synchronized void close() throws IOException {
        if (folder != null) {
            for (Upload upload : uploads) {
                Files.deleteIfExists(folder.resolve(upload.name()));
            }
            Files.deleteIfExists(folder);
            folder = null;
        }
    }

    private Path folder() throws IOException {
        Path made = folder == null ? Files.createTempDirectory("reelbatch-uploads") : folder;
        folder = made;
        return made;
    }

    private static String group(Pattern pattern, String text, String otherwise) {
        Matcher matcher = pattern.matcher(text);
        return matcher.find() ? matcher.group(1) : otherwise;
    }
}
