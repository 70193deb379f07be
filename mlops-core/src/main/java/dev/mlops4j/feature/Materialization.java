package dev.mlops4j.feature;

import dev.mlops4j.data.Dataset;
import dev.mlops4j.data.RowSource;
import dev.mlops4j.data.TimestampColumn;
import dev.mlops4j.data.Timestamps;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.function.Consumer;
import org.jspecify.annotations.Nullable;

/**
 * Takes a view's source in, step by step: each step is a period of event times that is read to its
 * end, then added, and then the watermark says up to when all is in. So a source that fails leaves
 * nothing of its step, and a run that was killed is gone on with by the next one. Rows that were
 * taken in before change nothing.
 *
 * <p>A step is added in one transaction unless it has more than about 20,000 rows: then in several,
 * each of whole keys, as the commits of all else in the workspace would wait for the disk to take
 * in a large one. Of a run that dies in between, some keys have the step's rows and others do not,
 * until the next run reads the step again: from the same moment, if it was the first.
 *
 * <pre>{@code
 * features.materialize(WEATHER).lateness(Duration.ofDays(2)).run();
 * }</pre>
 *
 * <p>Not safe for use by several threads.
 */
public final class Materialization {

  /** The length of a step: a day. A step's rows are held in memory, as columns. */
  public static final Duration DEFAULT_STEP = Duration.ofDays(1);

  private final FeatureStore store;
  private final FeatureView view;
  private final RowSource source;
  private @Nullable Instant from;
  private @Nullable Instant to;
  private Duration lateness = Duration.ZERO;
  private Duration step = DEFAULT_STEP;
  private Consumer<? super Materialized> progress = done -> {};

  Materialization(FeatureStore store, FeatureView view, RowSource source) {
    this.store = store;
    this.view = view;
    this.source = source;
  }

  /**
   * The first event time to read. Without it, a run goes on from the watermark, so only a view's
   * first run needs it.
   */
  public Materialization from(Instant from) {
    this.from = from;
    return this;
  }

  /**
   * The end of the event times to read; now, by the store's clock, unless stated. After now, what
   * the source has is taken in, but the watermark moves to now alone, as more may come.
   */
  public Materialization to(Instant to) {
    this.to = to;
    return this;
  }

  /**
   * How late a row may come into the source: a run that goes on from the watermark begins so much
   * earlier. Nothing unless stated.
   *
   * @throws FeatureDefinitionException if it is negative
   */
  public Materialization lateness(Duration lateness) {
    if (lateness.isNegative() || !Micros.isWhole(lateness)) {
      throw new FeatureDefinitionException(
          "lateness is " + lateness + "; it is zero or more, of whole microseconds");
    }
    this.lateness = lateness;
    return this;
  }

  /**
   * The length of a step, {@link #DEFAULT_STEP} unless stated.
   *
   * @throws FeatureDefinitionException if it is not positive
   */
  public Materialization step(Duration step) {
    if (step.isNegative() || step.isZero() || !Micros.isWhole(step)) {
      throw new FeatureDefinitionException(
          "step is " + step + "; it is positive, of whole microseconds");
    }
    this.step = step;
    return this;
  }

  /** Who is told after each step how far the run has come. */
  public Materialization onProgress(Consumer<? super Materialized> progress) {
    this.progress = progress;
    return this;
  }

  /**
   * Reads and adds all steps.
   *
   * @return what the whole run did
   * @throws FeatureDataException if there is neither a watermark nor {@link #from}, if {@link
   *     #from} would leave a gap after the watermark, if {@link #to} is before the beginning, or if
   *     the watermark is later than now and {@link #from} is not stated; if rows are not the view's
   *     or lie outside the period that was asked for, by their numbers in it; the steps before stay
   * @throws dev.mlops4j.MlopsException as the source throws; the steps before stay; or as the
   *     workspace does, and then a part of a large step may be stored as well
   */
  public Materialized run() {
    Instant now = store.now();
    long reached = store.watermark(view);
    boolean isAhead = reached > Micros.of(now);
    Instant begin = begin(reached, isAhead);
    Instant end = to == null ? now : to;
    if (end.isBefore(begin)) {
      throw new FeatureDataException(
          view.name(),
          "it would be materialized from "
              + begin
              + (from == null ? " (the watermark, less the lateness)" : "")
              + " to "
              + end
              + ", which is earlier");
    }
    long next = Micros.asked(view, begin);
    long last = Micros.asked(view, end);
    Materialized done = new Materialized(begin, begin, 0, 0);
    while (next < last) {
      long stepEnd = Math.min(Micros.plus(next, Micros.of(step)), last);
      // What is not over yet is read again by the next run; so is all after one that was ahead.
      long over = Math.min(stepEnd, Micros.of(now));
      done = step(done, next, stepEnd, isAhead ? over : Math.max(over, reached));
      progress.accept(done);
      next = stepEnd;
    }
    return done;
  }

  private Materialized step(Materialized before, long begin, long end, long watermark) {
    Instant from = Timestamps.fromMicros(begin);
    Instant to = Timestamps.fromMicros(end);
    // The columns are held and events made of them on the way, which are many times as large.
    List<Iterable<FeatureEvent>> batches = new ArrayList<>();
    long[] rows = {0};
    source.read(
        from,
        to,
        batch -> {
          EventReader reader = new EventReader(view, rows(from, to, rows[0]));
          Iterable<FeatureEvent> events = reader.eventsByContent(batch);
          checkTimes(batch, begin, end);
          store.checkFuture(reader, events);
          batches.add(events);
          rows[0] += batch.rowCount();
        });
    int added = store.addUpTo(view, batches, watermark);
    return new Materialized(before.from(), to, before.rows() + rows[0], before.added() + added);
  }

  private static EventReader.Rows rows(Instant from, Instant to, long first) {
    return new EventReader.Rows(
        "what its source has from " + from + " to " + to, first, "nothing of it was stored");
  }

  private void checkTimes(Dataset rows, long begin, long end) {
    TimestampColumn times = (TimestampColumn) rows.column(view.eventTime());
    for (int row = 0; row < times.size(); row++) {
      long time = times.microsAt(row);
      if (time < begin || time >= end) {
        throw new FeatureDataException(
            view.name(),
            "its source was asked for event times from "
                + Timestamps.fromMicros(begin)
                + " to "
                + Timestamps.fromMicros(end)
                + " and gave "
                + Timestamps.fromMicros(time)
                + "; bind :from and :to to the column \""
                + view.eventTime()
                + "\"");
      }
    }
  }

  private Instant begin(long watermark, boolean isAhead) {
    if (watermark == Long.MIN_VALUE) {
      if (from == null) {
        throw new FeatureDataException(
            view.name(), "it was never materialized; state from(...) for its first run");
      }
      return from;
    }
    Instant reached = Timestamps.fromMicros(watermark);
    if (isAhead) {
      if (from == null) {
        throw new FeatureDataException(
            view.name(),
            "it is materialized up to "
                + reached
                + ", which is later than now, so what came since may be missing; state from(...)"
                + " with a moment up to which all is in");
      }
      return from;
    }
    if (from == null) {
      return reached.minus(lateness);
    }
    if (from.isAfter(reached)) {
      throw new FeatureDataException(
          view.name(),
          "it is materialized up to "
              + reached
              + ", and from "
              + from
              + " on would leave a gap; leave from(...) out to go on");
    }
    return from;
  }
}
