package io.reelbatch.cli.simulator.media;

import java.time.Duration;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.concurrent.Semaphore;
import org.jspecify.annotations.Nullable;

/**
 * Makes the files, and keeps the latest of them.
 *
 * <p>Nothing is loaded before the first file is asked for. At most one file per core is drawn at a time, and at most
 * {@value #KEPT_BYTES} bytes of files are kept: a picture of 512 pixels takes about 2 MB while it is drawn, so a
 * process of 256 MB serves any number of them. Safe for several threads.
 */
public final class MediaMaker {
    /** Most bytes of finished files kept in memory. */
    static final long KEPT_BYTES = 8L * 1024 * 1024;

    private static final int PICTURE_SIDE = 512;
    private static final int CLIP_SIDE = 320;
    private static final Duration LONGEST_CLIP = Duration.ofSeconds(60);
    private static final Duration LOOP = Duration.ofMillis(2500);

    private final Semaphore drawing = new Semaphore(Runtime.getRuntime().availableProcessors());
    private final Map<MediaRequest, byte[]> kept = new LinkedHashMap<>(16, 0.75f, true);
    private long keptBytes;
    private @Nullable Artist artist;

    /** The file for a request: a PNG, an MP4 or a WAV. The caller must not change the bytes. */
    public byte[] make(MediaRequest request) {
        byte[] known = find(request);
        if (known != null) {
            return known;
        }
        drawing.acquireUninterruptibly();
        try {
            byte[] meanwhile = find(request);
            return meanwhile == null ? keep(request, draw(request)) : meanwhile;
        } finally {
            drawing.release();
        }
    }

    private byte[] draw(MediaRequest request) {
        return switch (request.kind()) {
            case IMAGE -> picture(request);
            case VIDEO -> clip(request);
            case AUDIO -> SoundWriter.write(request.look(), shortened(request.duration()));
        };
    }

    private byte[] picture(MediaRequest request) {
        Artist painter = artist();
        Canvas canvas = Artist.canvas(request, PICTURE_SIDE);
        painter.background(canvas, request, 0);
        painter.letters(canvas, request);
        return PngWriter.write(canvas, "reelbatch simulator");
    }

    private byte[] clip(MediaRequest request) {
        Artist painter = artist();
        Canvas canvas = Artist.canvas(request, CLIP_SIDE);
        ClipWriter writer = new ClipWriter(canvas.width(), canvas.height());
        Duration duration = shortened(request.duration());
        int frames = Math.min(ClipWriter.frames(duration), ClipWriter.frames(LOOP));
        for (int frame = 0; frame < frames; frame++) {
            painter.background(canvas, request, frame / (double) frames);
            painter.letters(canvas, request);
            writer.add(canvas);
        }
        return writer.finish(duration);
    }

    private static Duration shortened(Duration duration) {
        return duration.compareTo(LONGEST_CLIP) > 0 ? LONGEST_CLIP : duration;
    }

    private synchronized Artist artist() {
        if (artist == null) {
            artist = new Artist();
        }
        return artist;
    }

    private synchronized byte @Nullable [] find(MediaRequest request) {
        return kept.get(request);
    }

    private synchronized byte[] keep(MediaRequest request, byte[] file) {
        byte[] previous = kept.put(request, file);
        keptBytes += file.length - (previous == null ? 0 : previous.length);
        var eldest = kept.values().iterator();
        while (keptBytes > KEPT_BYTES && kept.size() > 1) {
            keptBytes -= eldest.next().length;
            eldest.remove();
        }
        return file;
    }
}
