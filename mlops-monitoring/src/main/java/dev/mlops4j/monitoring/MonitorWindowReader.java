package dev.mlops4j.monitoring;

import dev.mlops4j.monitoring.ColumnHistory.ColumnPoint;
import dev.mlops4j.monitoring.WindowEvaluator.Compared;
import dev.mlops4j.monitoring.WindowEvaluator.Look;
import dev.mlops4j.profile.BinEdges;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.stream.IntStream;
import org.jspecify.annotations.Nullable;

/** What one window tells a report, so that its counts need not be kept. */
final class MonitorWindowReader {

  private static final int MOST_CATEGORIES = 5;
  private static final double[] QUANTILES = {0.05, 0.5, 0.95};

  private final MonitorWindow window;
  private final @Nullable Compared compared;
  private final Map<ColumnKey, Verdict> verdicts = new HashMap<>();
  private final Map<ColumnKey, Integer> positions = new HashMap<>();

  private MonitorWindowReader(MonitorWindow window, @Nullable Compared compared) {
    this.window = window;
    this.compared = compared;
    window.report().verdicts().forEach(v -> verdicts.put(new ColumnKey(v.kind(), v.column()), v));
    if (compared != null) {
      for (int i = 0; i < compared.columns().size(); i++) {
        positions.put(ColumnKey.of(compared.columns().get(i)), i);
      }
    }
  }

  /** A column in all windows: a feature may have the name of the target. */
  record ColumnKey(AlertKind kind, String name) {

    static ColumnKey of(ReferenceColumn column) {
      return new ColumnKey(column.kind(), column.name());
    }
  }

  static MonitorWindowReader of(Look look, MonitorWindow.Evaluated evaluated) {
    Compared compared = look.compared();
    WindowReport report = look.report();
    boolean labelsShown = compared != null && hasLabel(compared.columns());
    Map<String, Estimate> figures =
        compared != null && report.outcomesIn()
            ? WindowFigures.of(report.performance(), labelsShown)
            : Map.of();
    return new MonitorWindowReader(
        new MonitorWindow(report, figures, evaluated, problem(look)), compared);
  }

  /** Not so if it is sensitive, for one: what is made of it then tells its values. */
  private static boolean hasLabel(List<ReferenceColumn> columns) {
    return columns.stream()
        .anyMatch(column -> column.kind() == AlertKind.LABEL_DRIFT && column.problem() == null);
  }

  /** Why a window with predictions could not be compared; null if it was. */
  static @Nullable String problem(Look look) {
    return look.compared() == null && look.report().performance().rows() > 0
        ? look.report().verdicts().stream().findFirst().map(Verdict::words).orElse("")
        : null;
  }

  /** A window without predictions. */
  static MonitorWindowReader silent(String model, Periods periods, long period) {
    Performance none = new Performance(0, 0, Double.NaN, Double.NaN, null);
    WindowReport report =
        new WindowReport(
            model,
            0,
            List.of(),
            periods.start(period),
            periods.start(period + 1),
            1,
            false,
            List.of(),
            none);
    return new MonitorWindowReader(
        new MonitorWindow(report, Map.of(), MonitorWindow.Evaluated.NOT_YET, null), null);
  }

  MonitorWindow window() {
    return window;
  }

  /** What the window says of a column, as far as it has it in the same shape. */
  ColumnPoint point(ColumnKey key, ColumnHistory latest) {
    Integer position = positions.get(key);
    Verdict verdict = verdicts.get(key);
    if (compared == null || position == null) {
      return new ColumnPoint(window.report().start(), verdict, Double.NaN, new double[0]);
    }
    ReferenceColumn column = compared.columns().get(position);
    ColumnCounts counts = compared.window().columns[position];
    boolean outcome = column.isOutcome();
    double missing =
        outcome || column.problem() != null ? Double.NaN : (double) counts.missing / counts.rows;
    boolean early = outcome && !window.report().outcomesIn();
    double[] values =
        early || column.problem() != null || column.shape() != latest.column().shape()
            ? new double[0]
            : values(column, counts, latest.categories());
    return new ColumnPoint(window.report().start(), verdict, missing, values);
  }

  private static double[] values(
      ReferenceColumn column, ColumnCounts counts, List<String> categories) {
    return switch (column.shape()) {
      case NUMBERS -> {
        BinEdges edges = column.edges();
        if (edges == null) {
          yield new double[0];
        }
        BinnedNumbers numbers = new BinnedNumbers(edges, counts.counts);
        double[] quantiles = new double[QUANTILES.length];
        for (int i = 0; i < quantiles.length; i++) {
          quantiles[i] = numbers.quantile(QUANTILES[i]);
        }
        yield quantiles;
      }
      case CATEGORIES ->
          categories.stream()
              .mapToInt(column::indexOfKnown)
              .mapToDouble(i -> i < 0 ? Double.NaN : share(counts.counts[i], counts.present()))
              .toArray();
      case MISSING -> new double[0];
      case SHARE -> new double[] {share(counts.counts[1], counts.rows)};
      case GAP ->
          new double[] {
            counts.predicted / counts.rows, share(counts.counts[1], counts.rows),
          };
    };
  }

  private static double share(long part, long rows) {
    return (double) part / rows;
  }

  /** The columns of a look, without points. */
  static Map<ColumnKey, ColumnHistory> columns(Look look) {
    Compared compared = look.compared();
    Map<ColumnKey, ColumnHistory> columns = new LinkedHashMap<>();
    if (compared == null) {
      return columns;
    }
    Map<ColumnKey, Verdict> verdicts = new HashMap<>();
    look.report().verdicts().forEach(v -> verdicts.put(new ColumnKey(v.kind(), v.column()), v));
    for (int i = 0; i < compared.columns().size(); i++) {
      ReferenceColumn column = compared.columns().get(i);
      Verdict verdict = verdicts.get(ColumnKey.of(column));
      if (verdict != null) {
        ColumnCounts reference = compared.reference().columns[i];
        columns.put(
            ColumnKey.of(column),
            new ColumnHistory(
                column,
                verdict,
                look.report(),
                reference,
                compared.window().columns[i],
                Double.NaN,
                column.shape() == ReferenceColumn.Shape.CATEGORIES
                    ? mostFrequent(column, reference)
                    : List.of(),
                List.of()));
      }
    }
    return columns;
  }

  private static List<String> mostFrequent(ReferenceColumn column, ColumnCounts counts) {
    List<Integer> order =
        new ArrayList<>(
            IntStream.range(0, Math.min(counts.counts.length, column.categories().size()))
                .boxed()
                .toList());
    order.sort(Comparator.comparingLong((Integer i) -> counts.counts[i]).reversed());
    return order.stream().limit(MOST_CATEGORIES).map(column::categoryAt).toList();
  }
}
