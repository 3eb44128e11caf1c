package io.reelbatch.domain.report;

import io.reelbatch.domain.job.StoredOutput;
import io.reelbatch.domain.store.BatchFolder;
import io.reelbatch.domain.store.ObjectStore;
import io.reelbatch.domain.store.ObjectWriter;
import java.awt.image.BufferedImage;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.InputStream;
import java.nio.file.NoSuchFileException;
import java.util.Iterator;
import java.util.Optional;
import java.util.concurrent.Semaphore;
import javax.imageio.IIOImage;
import javax.imageio.ImageIO;
import javax.imageio.ImageReadParam;
import javax.imageio.ImageReader;
import javax.imageio.ImageWriteParam;
import javax.imageio.ImageWriter;
import javax.imageio.stream.ImageInputStream;
import javax.imageio.stream.MemoryCacheImageInputStream;
import javax.imageio.stream.MemoryCacheImageOutputStream;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Small pictures of a batch's images, for its page: JPEG, at most 320 by 240 pixels. They are made when an output is stored
 * and kept beside the batch's state. A picture that cannot be made is left out: nothing here fails.
 */
public final class Thumbnails {
    private static final Logger LOG = LoggerFactory.getLogger(Thumbnails.class);
    private static final int WIDTH = 320;
    private static final int HEIGHT = 240;
    private static final float QUALITY = 0.7f;
    /** Pixels; a larger image would need too much memory if it is of a kind that is decoded at once. */
    private static final long MAX_PIXELS = 50_000_000;
    /** Decoding takes memory: many downloads may end at once. */
    private static final int AT_ONCE = 2;

    private final ObjectStore objects;
    private final Semaphore permits = new Semaphore(AT_ONCE);

    public Thumbnails(ObjectStore objects) {
        this.objects = objects;
    }

    /** Makes and keeps the thumbnail of an output that has just been stored. */
    public void keep(BatchFolder folder, StoredOutput output) {
        make(folder, output);
    }

    /** A thumbnail that was kept, as JPEG. */
    public Optional<byte[]> find(BatchFolder folder, StoredOutput output) {
        try (InputStream in = objects.read(key(folder, output))) {
            return Optional.of(in.readAllBytes());
        } catch (NoSuchFileException e) {
            return Optional.empty();
        } catch (IOException | RuntimeException e) {
            skipped(output, e);
            return Optional.empty();
        }
    }

    /** Makes a thumbnail anew and keeps it; empty if the output is no image that can be read here. */
    public Optional<byte[]> make(BatchFolder folder, StoredOutput output) {
        if (!output.contentType().startsWith("image/")) {
            return Optional.empty();
        }
        permits.acquireUninterruptibly();
        try {
            Optional<byte[]> jpeg = shrink(folder.visible(output.path()));
            if (jpeg.isPresent()) {
                try (ObjectWriter writer = objects.write(key(folder, output), "image/jpeg")) {
                    writer.write(jpeg.get());
                    writer.commit();
                }
            }
            return jpeg;
        } catch (IOException | RuntimeException | LinkageError e) {
            // LinkageError: a Java without its imaging libraries.
            skipped(output, e);
            return Optional.empty();
        } finally {
            permits.release();
        }
    }

    private static void skipped(StoredOutput output, Throwable why) {
        LOG.atWarn()
                .setMessage("no thumbnail")
                .addKeyValue("path", output.path())
                .addKeyValue("why", why.toString())
                .log();
    }

    private static String key(BatchFolder folder, StoredOutput output) {
        return folder.internal("thumbs/" + output.path() + ".jpg");
    }

    private Optional<byte[]> shrink(String key) throws IOException {
        try (InputStream in = objects.read(key);
                ImageInputStream image = new MemoryCacheImageInputStream(in)) {
            Iterator<ImageReader> readers = ImageIO.getImageReaders(image);
            if (!readers.hasNext()) {
                return Optional.empty();
            }
            ImageReader reader = readers.next();
            try {
                reader.setInput(image, true, true);
                return shrink(reader);
            } finally {
                reader.dispose();
            }
        }
    }

    private static Optional<byte[]> shrink(ImageReader reader) throws IOException {
        int width = reader.getWidth(0);
        int height = reader.getHeight(0);
        if ((long) width * height > MAX_PIXELS) {
            return Optional.empty();
        }
        double scale = Math.min(1, Math.min((double) WIDTH / width, (double) HEIGHT / height));
        int toWidth = Math.max(1, (int) Math.round(width * scale));
        int toHeight = Math.max(1, (int) Math.round(height * scale));
        ImageReadParam param = reader.getDefaultReadParam();
        // Twice the wanted size is enough to average from.
        int every = Math.max(1, (int) (1 / (2 * scale)));
        param.setSourceSubsampling(every, every, 0, 0);
        return Optional.of(jpeg(average(reader.read(0, param), toWidth, toHeight)));
    }

    /** Each pixel is the mean of those it stands for, on white. By hand: a Graphics2D would want fonts, which Lambda lacks. */
    private static BufferedImage average(BufferedImage from, int width, int height) {
        BufferedImage to = new BufferedImage(width, height, BufferedImage.TYPE_INT_RGB);
        for (int y = 0; y < height; y++) {
            int top = y * from.getHeight() / height;
            int bottom = Math.max(top + 1, (y + 1) * from.getHeight() / height);
            for (int x = 0; x < width; x++) {
                int left = x * from.getWidth() / width;
                int right = Math.max(left + 1, (x + 1) * from.getWidth() / width);
                to.setRGB(x, y, mean(from, left, top, right, bottom));
            }
        }
        return to;
    }

    private static int mean(BufferedImage from, int left, int top, int right, int bottom) {
        int red = 0;
        int green = 0;
        int blue = 0;
        for (int y = top; y < bottom; y++) {
            for (int x = left; x < right; x++) {
                int argb = from.getRGB(x, y);
                int alpha = argb >>> 24;
                red += onWhite(argb >> 16, alpha);
                green += onWhite(argb >> 8, alpha);
                blue += onWhite(argb, alpha);
            }
        }
        int count = (right - left) * (bottom - top);
        return ((red / count) << 16) | ((green / count) << 8) | (blue / count);
    }

    private static int onWhite(int part, int alpha) {
        return ((part & 0xff) * alpha + 0xff * (0xff - alpha)) / 0xff;
    }

    private static byte[] jpeg(BufferedImage image) throws IOException {
        ByteArrayOutputStream bytes = new ByteArrayOutputStream();
        ImageWriter writer = ImageIO.getImageWritersByFormatName("jpeg").next();
        try (MemoryCacheImageOutputStream out = new MemoryCacheImageOutputStream(bytes)) {
            ImageWriteParam param = writer.getDefaultWriteParam();
            param.setCompressionMode(ImageWriteParam.MODE_EXPLICIT);
            param.setCompressionQuality(QUALITY);
            writer.setOutput(out);
            writer.write(null, new IIOImage(image, null, null), param);
        } finally {
            writer.dispose();
        }
        return bytes.toByteArray();
    }
}
