package dev.mlops4j.benchmarks.predict;

import dev.mlops4j.benchmarks.Comparison;
import dev.mlops4j.benchmarks.Report;
import dev.mlops4j.benchmarks.Sides;
import java.nio.file.Path;
import java.util.List;
import java.util.Locale;
import java.util.Map;

/** One row at a time and in batches, by each engine that can read the model. */
public final class TreesComparison implements Comparison {

  private static final List<Engine> XGBOOST =
      List.of(Engine.OURS, Engine.XGBOOST4J, Engine.ONNX_RUNTIME, Engine.H2O);
  private static final List<Engine> LIGHTGBM =
      List.of(Engine.OURS, Engine.ONNX_RUNTIME, Engine.LIGHTGBMLIB);

  private static final double NANOS_OF_A_SECOND = 1e9;

  /** Creates the comparison. */
  public TreesComparison() {}

  @Override
  public void run(Path directory, Report report) throws Exception {
    Path models = directory.resolve("trained").toAbsolutePath();
    rows(report, "row-100x6", models.resolve("xgboost-100x6"), XGBOOST);
    rows(report, "row-500x8", models.resolve("xgboost-500x8"), XGBOOST);
    rows(report, "row-lightgbm-100x31", models.resolve("lightgbm-100x31"), LIGHTGBM);
    batch(report, models.resolve("xgboost-100x6"));
  }

  private static void rows(Report report, String name, Path model, List<Engine> engines)
      throws Exception {
    Rows rows = Rows.read(model);
    Sides sides = new Sides();
    for (Engine engine : engines) {
      float[] found = new float[rows.count()];
      try (RowScorer scorer = engine.open(model)) {
        float[][] separate = rows.separate();
        for (int i = 0; i < found.length; i++) {
          found[i] = scorer.predict(separate[i]);
        }
      }
      boolean same = engine == Engine.OURS || engine == Engine.XGBOOST4J;
      Agreement.check(
          report,
          name + " " + engine.label(),
          rows.expected(),
          found,
          same ? Agreement.SAME_SUM : Agreement.OTHER_SUM);
      sides.add(
          engine.label(),
          RowBenchmark.class,
          "row",
          Map.of("model", model.toString(), "engine", engine.name()));
    }
    Sides.Medians nanos = sides.run(report);
    for (Engine engine : engines) {
      if (engine != Engine.OURS) {
        report.nanos(
            name + "-" + engine.label(), nanos.of(Engine.OURS.label()), nanos.of(engine.label()));
      }
    }
  }

  private static void batch(Report report, Path model) throws Exception {
    Rows rows = Rows.read(model);
    Sides sides = new Sides();
    for (Batches engine : Batches.values()) {
      try (BatchScorer scorer = engine.open(model)) {
        Agreement.check(
            report,
            "batch-10000 " + engine.label(),
            rows.expected(),
            scorer.predict(rows.flat(), rows.count()),
            Agreement.SAME_SUM);
      }
      sides.add(
          engine.label(),
          BatchBenchmark.class,
          "oneThread",
          Map.of("model", model.toString(), "engine", engine.name()));
    }
    Sides.Medians nanos = sides.run(report);
    double ours = nanos.of(Batches.OURS.label());
    double peer =
        Math.min(
            nanos.of(Batches.XGBOOST4J_INPLACE.label()),
            nanos.of(Batches.XGBOOST4J_MATRIX.label()));
    double count = rows.count() * NANOS_OF_A_SECOND;
    report.rates("batch-10000", "rows", count / ours, count / peer);
    report.alone(
        "batch-10000-2threads",
        String.format(Locale.ROOT, "%.2fx", TwoThreads.scaling(model, report)),
        "1.8x");
  }
}
