package dev.mlops4j.benchmarks;

import dev.mlops4j.benchmarks.calibration.CalibrationComparison;
import dev.mlops4j.benchmarks.drift.DriftComparison;
import dev.mlops4j.benchmarks.features.FeaturesComparison;
import dev.mlops4j.benchmarks.http.HttpComparison;
import dev.mlops4j.benchmarks.pipelines.PipelinesComparison;
import dev.mlops4j.benchmarks.predict.TreesComparison;
import dev.mlops4j.benchmarks.record.ColdStartComparison;
import dev.mlops4j.benchmarks.record.RecordComparison;
import dev.mlops4j.benchmarks.tracking.TrackingComparison;
import dev.mlops4j.benchmarks.tracking.TrackingComparison.Part;
import java.nio.file.Path;
import java.util.EnumSet;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Set;

/** Runs the comparisons of a name, one after the other; what the script {@code compare} calls. */
public final class Compare {

  /** What each name compares, in this order. Other capabilities add theirs here. */
  private static final Map<String, List<Comparison>> NAMES = new LinkedHashMap<>();

  static {
    Comparison trees = new TreesComparison();
    Comparison record = new RecordComparison();
    Comparison coldStart = new ColdStartComparison();
    Comparison http = new HttpComparison();
    NAMES.put("calibration", List.of(new CalibrationComparison()));
    NAMES.put("drift", List.of(new DriftComparison(EnumSet.allOf(DriftComparison.Part.class))));
    for (DriftComparison.Part part : DriftComparison.Part.values()) {
      NAMES.put(
          "drift-" + part.name().toLowerCase(Locale.ROOT),
          List.of(new DriftComparison(Set.of(part))));
    }
    NAMES.put("features", List.of(new FeaturesComparison()));
    NAMES.put("predict", List.of(trees, record, coldStart, http));
    NAMES.put("predict-trees", List.of(trees));
    NAMES.put("predict-record", List.of(record));
    NAMES.put("predict-cold-start", List.of(coldStart));
    NAMES.put("predict-http", List.of(http));
    NAMES.put("pipelines", List.of(new PipelinesComparison()));
    NAMES.put("tracking", List.of(new TrackingComparison(EnumSet.allOf(Part.class))));
    NAMES.put("tracking-artifacts", List.of(new TrackingComparison(Set.of(Part.ARTIFACTS))));
    NAMES.put("tracking-writes", List.of(new TrackingComparison(Set.of(Part.WRITES))));
    NAMES.put("tracking-searches", List.of(new TrackingComparison(Set.of(Part.SEARCHES))));
  }

  private Compare() {}

  /**
   * Runs comparisons, and exits with 1 if sides disagree or one fails.
   *
   * @param args the name, and the directory where the script keeps models and environments
   */
  public static void main(String[] args) {
    List<Comparison> comparisons = args.length == 2 ? NAMES.get(args[0]) : null;
    if (comparisons == null) {
      System.err.println("usage: benchmarks/compare NAME, one of " + NAMES.keySet());
      System.exit(2);
      return;
    }
    Report report = new Report(System.out, System.err);
    try {
      for (Comparison comparison : comparisons) {
        comparison.run(Path.of(args[1]), report);
      }
    } catch (Exception e) {
      e.printStackTrace();
      System.out.println("compare " + args[0] + ": failed: " + e.getMessage());
      System.exit(1);
    }
    // Some native peers leave threads behind.
    System.exit(0);
  }
}
