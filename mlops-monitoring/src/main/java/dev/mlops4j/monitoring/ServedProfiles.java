package dev.mlops4j.monitoring;

import dev.mlops4j.data.Dataset;
import dev.mlops4j.model.Signature;
import dev.mlops4j.model.TrainingData;
import dev.mlops4j.profile.DatasetProfile;
import dev.mlops4j.profile.DatasetProfiler;
import dev.mlops4j.profile.ProfileSeries;
import dev.mlops4j.profile.SegmentedProfile;
import java.util.ArrayList;
import java.util.List;
import java.util.function.Consumer;

/**
 * Profiles of what a version was asked and answered in a time, made of the ledger: its features, as
 * the model saw them, {@link TrainingData#PREDICTION_COLUMN}, and the outcome under the target's
 * name. Numbers are counted in the bins of the version's reference profile, so that both can be
 * compared:
 *
 * <pre>{@code
 * ProfileSeries reference = registry.load(version).referenceProfile();
 * ServedProfiles served = monitor.profiles(version.number(), from, to);
 * List<Verdict> verdicts = ProfileDrift.between(reference.overall(), served.overall());
 * List<Verdict> byWeeks = ProfileDrift.against(reference, served.byWindow());
 * }</pre>
 *
 * <p>A prediction without an outcome is no row of the outcome's column ({@link
 * DatasetProfile#withoutMissing}): what is not known yet has not drifted. Columns that the
 * reference marks as sensitive are only counted.
 *
 * <p>Each method reads the ledger as it is then, a consistent state, in memory for the profiles and
 * some thousand rows. Safe for any number of threads.
 */
public final class ServedProfiles {

  static final int BATCH = 10_000;

  private final Ledger ledger;
  private final Periods periods;
  private final DatasetProfile reference;
  private final int version;
  private final long fromMicros;
  private final long toMicros;
  private final ServedColumns columns;

  ServedProfiles(
      Ledger ledger,
      Periods periods,
      Signature signature,
      DatasetProfile reference,
      int version,
      long fromMicros,
      long toMicros) {
    this.ledger = ledger;
    this.periods = periods;
    this.reference = reference;
    this.version = version;
    this.fromMicros = fromMicros;
    this.toMicros = toMicros;
    this.columns = new ServedColumns(signature, reference);
  }

  /**
   * The profile of all predictions of the time.
   *
   * @throws MonitoringException if the ledger has predictions without their vectors
   */
  public DatasetProfile overall() {
    DatasetProfiler profiler = DatasetProfiler.of(columns.schema(), reference);
    scan(fromMicros, toMicros, profiler::add);
    return known(profiler.profile());
  }

  /**
   * The profiles of the monitor's windows, as far as they lie in the time whole: from the first
   * with predictions of the version to the last, those between without any included. They can be
   * given to {@link ProfileDrift#against}, or be a reference themselves: {@link
   * ProfileSeries#of(List)}.
   *
   * @throws MonitoringException if the ledger has predictions without their vectors
   */
  public List<ProfileSeries.Window> byWindow() {
    List<ProfileSeries.Window> windows = new ArrayList<>();
    long first = periods.numberOf(fromMicros);
    if (periods.startMicros(first) < fromMicros) {
      first++;
    }
    long end = periods.numberOf(toMicros);
    if (first < end) {
      ByWindow pass = new ByWindow(windows);
      ledger.scan(periods.startMicros(first), periods.startMicros(end), pass::add);
      pass.endWindow();
    }
    return windows;
  }

  /**
   * The profiles of each category of a column.
   *
   * @param column a categorical feature
   * @throws MonitoringException if the ledger has predictions without their vectors
   * @throws dev.mlops4j.data.SchemaException if there is no such column, or it has no categories
   * @throws dev.mlops4j.profile.ProfileException if it is sensitive
   */
  public SegmentedProfile bySegment(String column) {
    SegmentedProfile[] profile = {
      SegmentedProfile.of(Dataset.builder(columns.schema()).build(), column, reference)
    };
    scan(
        fromMicros,
        toMicros,
        rows -> profile[0] = profile[0].merge(SegmentedProfile.of(rows, column, reference)));
    return profile[0].withoutMissing(columns.outcome());
  }

  private void scan(long from, long to, Consumer<Dataset> batches) {
    ServedColumns.Rows rows = columns.rows(BATCH, batches);
    ledger.scan(
        from,
        to,
        row -> {
          if (row.version() == version) {
            rows.add(row);
          }
        });
    rows.end();
  }

  private DatasetProfile known(DatasetProfile profile) {
    return profile.withoutMissing(columns.outcome());
  }

  /** One window after the other, as the ledger shows them. */
  private final class ByWindow {

    private final List<ProfileSeries.Window> windows;
    private long period;
    private DatasetProfiler profiler = DatasetProfiler.of(columns.schema(), reference);
    private ServedColumns.Rows rows = columns.rows(BATCH, profiler::add);
    private boolean begun;

    ByWindow(List<ProfileSeries.Window> windows) {
      this.windows = windows;
    }

    void add(LedgerRow row) {
      if (row.version() != version) {
        return;
      }
      long of = periods.numberOf(row.askedAt());
      if (!begun) {
        begun = true;
        period = of;
      }
      while (period < of) {
        endWindow();
      }
      rows.add(row);
    }

    void endWindow() {
      if (!begun) {
        return;
      }
      rows.end();
      windows.add(
          new ProfileSeries.Window(
              periods.start(period), periods.start(period + 1), known(profiler.profile())));
      period++;
      profiler = DatasetProfiler.of(columns.schema(), reference);
      rows = columns.rows(BATCH, profiler::add);
    }
  }
}
