package dev.mlops4j.profile;

import dev.mlops4j.data.Dataset;
import dev.mlops4j.data.Field;
import dev.mlops4j.data.TimestampColumn;
import dev.mlops4j.data.Timestamps;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;

/** Sorts rows into ISO weeks in UTC and profiles each. */
final class WeeklyProfiler {

  private static final Duration WEEK = Duration.ofDays(7);
  private static final long WEEK_MICROS = WEEK.toSeconds() * 1_000_000;

  /** A Monday; 1970-01-01 was a Thursday. */
  private static final Instant ORIGIN = Instant.parse("1970-01-05T00:00:00Z");

  private static final long ORIGIN_MICROS = Timestamps.toMicros(ORIGIN);

  private WeeklyProfiler() {}

  static ProfileSeries profile(Dataset dataset, String timeColumn) {
    return profile(dataset, timeColumn, edges(dataset));
  }

  static ProfileSeries profile(Dataset dataset, String timeColumn, Map<String, BinEdges> edges) {
    TimestampColumn times = dataset.timestamps(timeColumn);
    if (dataset.schema().field(timeColumn).sensitive()) {
      throw new ProfileException(
          "column \""
              + timeColumn
              + "\" is sensitive, and windows by it would show its values; "
              + "name another TIMESTAMP column or profile without windows");
    }
    Map<Long, RowSelection.Rows> weeks = new TreeMap<>();
    RowSelection.Rows timeless = new RowSelection.Rows();
    for (int row = 0; row < times.size(); row++) {
      RowSelection.Rows rows =
          times.isMissing(row)
              ? timeless
              : weeks.computeIfAbsent(week(times.microsAt(row)), week -> new RowSelection.Rows());
      rows.add(row);
    }
    DatasetProfile overall = DatasetProfile.of(dataset, timeless.selection(), edges);
    List<ProfileSeries.Window> windows = new ArrayList<>();
    for (Map.Entry<Long, RowSelection.Rows> week : weeks.entrySet()) {
      DatasetProfile profile = DatasetProfile.of(dataset, week.getValue().selection(), edges);
      Instant start = ORIGIN.plusSeconds(Math.multiplyExact(week.getKey(), WEEK.toSeconds()));
      windows.add(new ProfileSeries.Window(start, start.plus(WEEK), profile));
      overall = overall.merge(profile);
    }
    return new ProfileSeries(overall, windows);
  }

  static ProfileSeries whole(Dataset dataset) {
    RowSelection all = RowSelection.all(dataset.rowCount());
    return ProfileSeries.of(DatasetProfile.of(dataset, all, edges(dataset)));
  }

  private static Map<String, BinEdges> edges(Dataset dataset) {
    Map<String, BinEdges> edges = new HashMap<>();
    for (Field field : dataset.schema().fields()) {
      BinEdges found = ColumnProfiler.edges(field, dataset.column(field.name()));
      if (found != null) {
        edges.put(field.name(), found);
      }
    }
    return edges;
  }

  private static long week(long micros) {
    // Weeks are counted so that an instant near the limits of a long cannot overflow.
    return Math.floorDiv(micros, WEEK_MICROS)
        + (Math.floorMod(micros, WEEK_MICROS) >= ORIGIN_MICROS ? 0 : -1);
  }
}
