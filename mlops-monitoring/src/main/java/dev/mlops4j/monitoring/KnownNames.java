package dev.mlops4j.monitoring;

import dev.mlops4j.MlopsException;
import dev.mlops4j.evaluation.Evaluation;
import dev.mlops4j.model.Signature.Task;
import dev.mlops4j.registry.ModelVersion;
import dev.mlops4j.registry.Registry;
import java.util.ArrayList;
import java.util.Collection;
import java.util.Comparator;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Set;
import java.util.stream.Collectors;
import java.util.stream.Stream;

/**
 * The names that rules and segments of a monitor may have: one that there is not would be silent
 * for ever.
 */
final class KnownNames {

  /** How many versions, the latest ones, are asked for a column at the most. */
  private static final int MOST_VERSIONS = 5;

  private KnownNames() {}

  /** The metrics that an evaluation of a task has. */
  static Set<String> metrics(Task task) {
    double[] scores = {0.25, 0.75};
    double[] labels = {0, 1};
    Evaluation evaluation =
        switch (task) {
          case BINARY -> Evaluation.binary(scores, labels);
          case REGRESSION -> Evaluation.regression(scores, labels);
          case MULTICLASS ->
              Evaluation.multiclass(
                  List.of("a", "b"), new double[][] {{1, 0}, {0, 1}}, List.of("a", "b"));
        };
    return evaluation.metrics().keySet();
  }

  /** What is wrong with the names of functions: of whatever task, a known one means one thing. */
  static List<String> problemsOfFunctions(List<BusinessMetric> metrics) {
    return metrics.stream()
        .map(BusinessMetric::name)
        .filter(name -> !WindowFigures.isOfFunction(name))
        .map(
            name ->
                "metric(\""
                    + name
                    + "\", value) is not accepted: evaluations or reports have a figure of this name,"
                    + " take another")
        .toList();
  }

  /** What is wrong with the metrics of rules. */
  static List<String> problemsOfMetrics(
      List<AlertRule> rules, Task task, List<BusinessMetric> metrics) {
    Set<String> known = new LinkedHashSet<>(metrics(task));
    metrics.forEach(metric -> known.add(metric.name()));
    return unknown(rules, AlertKind.PERFORMANCE, known)
        .map(name -> "performance(\"" + name + "\") is not accepted: the metrics are " + known)
        .toList();
  }

  /** What is wrong with the lookups of rules. */
  static List<String> problemsOfLookups(List<AlertRule> rules, List<String> lookups) {
    return unknown(rules, AlertKind.STALENESS, lookups)
        .map(name -> "staleness(\"" + name + "\") is not accepted: the lookups are " + lookups)
        .toList();
  }

  private static Stream<String> unknown(
      List<AlertRule> rules, AlertKind kind, Collection<String> known) {
    return rules.stream()
        .map(AlertRule::signal)
        .filter(signal -> signal.kind() == kind && !known.contains(signal.subject()))
        .map(RuleSignal::subject);
  }

  /**
   * What is wrong with segments by columns: none of the latest versions has the column, or the
   * training data of one marks it as sensitive. Nothing, as long as no version can be read.
   */
  static List<String> problemsOfSegments(
      List<Segment> segments, String model, Registry registry, References references) {
    List<String> columns =
        segments.stream().filter(one -> one.value() == null).map(Segment::name).toList();
    if (columns.isEmpty() || !registry.models().contains(model)) {
      return List.of();
    }
    List<Reference> latest =
        registry.versions(model).stream()
            .sorted(Comparator.comparingInt(ModelVersion::number).reversed())
            .limit(MOST_VERSIONS)
            .flatMap(version -> reference(references, version.number()))
            .toList();
    List<String> problems = new ArrayList<>();
    for (String column : columns) {
      String segment = "segment(\"" + column + "\") is not accepted: ";
      if (latest.stream().anyMatch(reference -> reference.sensitive().contains(column))) {
        problems.add(segment + "the column is sensitive, and segments by it would show its values");
      } else if (!latest.isEmpty()
          && latest.stream().noneMatch(one -> one.signature().names().contains(column))) {
        Set<String> inputs =
            latest.stream()
                .flatMap(reference -> reference.signature().names().stream())
                .collect(Collectors.toCollection(LinkedHashSet::new));
        problems.add(segment + "the inputs of the latest versions are " + inputs);
      }
    }
    return problems;
  }

  private static Stream<Reference> reference(References references, int version) {
    try {
      return Stream.of(references.of(version));
    } catch (MlopsException e) {
      // It has no reference; another one may say which columns there are.
      return Stream.empty();
    }
  }
}
