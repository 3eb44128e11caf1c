package io.reelbatch.cli.simulator.media;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.ByteBuffer;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import org.jcodec.codecs.h264.H264Encoder;
import org.jcodec.codecs.h264.encode.RateControl;
import org.jcodec.codecs.h264.io.model.SliceType;
import org.jcodec.common.Codec;
import org.jcodec.common.MuxerTrack;
import org.jcodec.common.VideoCodecMeta;
import org.jcodec.common.VideoEncoder;
import org.jcodec.common.io.ByteBufferSeekableByteChannel;
import org.jcodec.common.model.ColorSpace;
import org.jcodec.common.model.Packet;
import org.jcodec.common.model.Picture;
import org.jcodec.common.model.Size;
import org.jcodec.containers.mp4.Brand;
import org.jcodec.containers.mp4.muxer.MP4Muxer;

/** Encodes frames as H.264 (baseline) in an MP4 file. */
final class ClipWriter {
    /** Frames a second. */
    static final int RATE = 8;

    /** Frames of the longest loop: the encoder makes a key frame after as many. */
    static final int LONGEST_LOOP = 64;

    private static final int QUANTIZER = 26;

    private record Frame(ByteBuffer data, boolean key) {}

    private final int width;
    private final int height;
    private final H264Encoder encoder = new H264Encoder(new ConstantQuality());
    private final List<Frame> loop = new ArrayList<>();

    /** A writer whose first frame, and no other, is a key frame: the frames added are one loop. */
    ClipWriter(int width, int height) {
        this.width = width;
        this.height = height;
        encoder.setKeyInterval(LONGEST_LOOP);
    }

    void add(Canvas canvas) {
        Picture picture = yuv(canvas);
        ByteBuffer space = ByteBuffer.allocate(encoder.estimateBufferSize(picture));
        VideoEncoder.EncodedFrame encoded = encoder.encodeFrame(picture, space);
        byte[] data = new byte[encoded.getData().remaining()];
        encoded.getData().get(data);
        loop.add(new Frame(ByteBuffer.wrap(data), encoded.isKeyFrame()));
    }

    /**
     * The file: the loop, repeated until the clip is long enough.
     *
     * @param duration rounded up to whole frames
     */
    byte[] finish(Duration duration) {
        int frames = frames(duration);
        int size = loop.stream().mapToInt(frame -> frame.data().capacity() + 64).sum();
        ByteBuffer file = ByteBuffer.allocate(size * (frames / loop.size() + 1) + 16 * 1024);
        try (ByteBufferSeekableByteChannel channel = ByteBufferSeekableByteChannel.writeToByteBuffer(file)) {
            MP4Muxer muxer = MP4Muxer.createMP4Muxer(channel, Brand.MP4);
            Size dimensions = new Size(width, height);
            MuxerTrack track = muxer.addVideoTrack(
                    Codec.H264, VideoCodecMeta.createSimpleVideoCodecMeta(dimensions, ColorSpace.YUV420J));
            for (int i = 0; i < frames; i++) {
                Frame frame = loop.get(i % loop.size());
                Packet.FrameType type = frame.key() ? Packet.FrameType.KEY : Packet.FrameType.INTER;
                track.addFrame(Packet.createPacket(frame.data().duplicate(), i, RATE, 1, i, type, null));
            }
            muxer.finish();
            ByteBuffer contents = channel.getContents();
            byte[] bytes = new byte[contents.remaining()];
            contents.get(bytes);
            return bytes;
        } catch (IOException e) {
            throw new UncheckedIOException("A clip of " + width + "x" + height + " cannot be written", e);
        }
    }

    /** Frames that a clip of this length has. */
    static int frames(Duration duration) {
        return (int) Math.max(1, (duration.toMillis() * RATE + 999) / 1000);
    }

    /** BT.601, limited range, chroma of every second pixel: what players assume for small clips. */
    private Picture yuv(Canvas canvas) {
        Picture picture = Picture.create(width, height, ColorSpace.YUV420J);
        byte[] luma = picture.getPlaneData(0);
        byte[] blue = picture.getPlaneData(1);
        byte[] red = picture.getPlaneData(2);
        int[] pixels = canvas.pixels();
        for (int y = 0; y < height; y++) {
            for (int x = 0; x < width; x++) {
                int rgb = pixels[y * width + x];
                int r = (rgb >> 16) & 255;
                int g = (rgb >> 8) & 255;
                int b = rgb & 255;
                luma[y * width + x] = (byte) (((66 * r + 129 * g + 25 * b + 128) >> 8) + 16 - 128);
                if ((x & 1) == 0 && (y & 1) == 0) {
                    int at = (y / 2) * (width / 2) + x / 2;
                    blue[at] = (byte) ((-38 * r - 74 * g + 112 * b + 128) >> 8);
                    red[at] = (byte) ((112 * r - 94 * g - 18 * b + 128) >> 8);
                }
            }
        }
        return picture;
    }

    /** The same quantizer for every block. */
    private static final class ConstantQuality implements RateControl {
        @Override
        public int startPicture(Size size, int maxSize, SliceType type) {
            return QUANTIZER;
        }

        @Override
        public int initialQpDelta() {
            return 0;
        }

        @Override
        public int accept(int bits) {
            return 0;
        }
    }
}
