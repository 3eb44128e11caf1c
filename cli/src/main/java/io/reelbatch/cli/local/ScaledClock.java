package io.reelbatch.cli.local;

import io.reelbatch.domain.pace.Sleeper;
import java.time.Clock;
import java.time.Duration;
import java.time.Instant;
import java.time.ZoneId;
import java.time.ZoneOffset;
import java.util.concurrent.TimeUnit;

/** A clock that starts at the present and runs {@code speed} times as fast. It never goes back. */
public final class ScaledClock extends Clock implements Sleeper {
    private final Instant start;
    private final long startNanos;
    private final double speed;

    /**
     * A clock that starts now.
     *
     * @param notBefore or then, if that is later: where an earlier clock had got to
     */
    public ScaledClock(double speed, Instant notBefore) {
        this.speed = speed;
        Instant now = Instant.now();
        this.start = notBefore.isAfter(now) ? notBefore : now;
        this.startNanos = System.nanoTime();
    }

    /** How many times faster than the wall clock it runs. */
    public double speed() {
        return speed;
    }

    /** How long {@code real} time is on this clock. */
    public Duration scaled(Duration real) {
        return Duration.ofNanos((long) (real.toNanos() * speed));
    }

    @Override
    public Instant instant() {
        return start.plusNanos((long) ((System.nanoTime() - startNanos) * speed));
    }

    @Override
    public void sleep(Duration time) throws InterruptedException {
        TimeUnit.NANOSECONDS.sleep((long) (time.toNanos() / speed));
    }

    @Override
    public ZoneId getZone() {
        return ZoneOffset.UTC;
    }

    @Override
    public Clock withZone(ZoneId zone) {
        throw new UnsupportedOperationException("only UTC");
    }
}
