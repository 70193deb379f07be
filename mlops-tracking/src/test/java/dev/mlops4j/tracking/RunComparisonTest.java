package dev.mlops4j.tracking;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.mlops4j.Digest;
import dev.mlops4j.model.DatasetReference;
import dev.mlops4j.tracking.RunComparison.Section;
import dev.mlops4j.workspace.ProcessIdentity;
import java.time.Instant;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import org.junit.jupiter.api.Test;

class RunComparisonTest {

  private static final Instant START = Instant.parse("2026-01-01T00:00:00Z");

  private final RunRecord champion =
      run("champion", Map.of("depth", "6", "rate", "0.1"), 0.737, "july", "17.0.15");
  private final RunRecord challenger =
      run("challenger", Map.of("depth", "6", "trees", "200"), Double.NaN, "august", "17.0.15");

  @Test
  void everyKeyOfAnyRunIsARowWithAValueARun() {
    RunComparison comparison = RunComparison.of(List.of(champion, challenger));
    assertThat(comparison.rows(Section.PARAM))
        .extracting(RunComparison.Row::key)
        .containsExactly("depth", "rate", "trees");
    assertThat(comparison.rows(Section.PARAM).get(1).values()).containsExactly("0.1", null);
    assertThat(comparison.rows(Section.METRIC).get(0).values()).containsExactly("0.737", "NaN");
    assertThat(comparison.rows(Section.ENVIRONMENT)).hasSize(1);
  }

  @Test
  void differencesLeaveOutWhatAllHaveInCommon() {
    RunComparison differences = RunComparison.of(List.of(champion, challenger)).differences();
    assertThat(differences.rows())
        .extracting(row -> row.section() + " " + row.key())
        .containsExactly("PARAM rate", "PARAM trees", "METRIC auc", "DATASET training: flights");
  }

  @Test
  void theSameRunsDoNotDiffer() {
    assertThat(RunComparison.of(List.of(challenger, challenger)).differences().rows()).isEmpty();
  }

  @Test
  void theTextHasAColumnARunAndALineARow() {
    assertThat(RunComparison.of(List.of(champion, challenger)).differences().toText().lines())
        .anySatisfy(line -> assertThat(line.strip()).matches("champion +challenger"))
        .anySatisfy(line -> assertThat(line).matches("run +status +FINISHED +FINISHED"))
        .anySatisfy(line -> assertThat(line).matches("param +rate +0\\.1 +-"))
        .anySatisfy(line -> assertThat(line).matches("metric +auc +0\\.737 +NaN"))
        .anySatisfy(line -> assertThat(line).matches("dataset +training: flights +7 rows.*"));
  }

  @Test
  void nothingToCompareIsAnError() {
    assertThatThrownBy(() -> RunComparison.of(List.of()))
        .isInstanceOf(IllegalArgumentException.class)
        .hasMessageContaining("compare one run or more, found none");
  }

  private static RunRecord run(
      String name, Map<String, String> params, double auc, String data, String java) {
    RunStart start =
        new RunStart(
            name,
            "delay",
            name,
            START,
            ProcessIdentity.current(),
            new TreeMap<>(Map.of("java", java)));
    return new RunRecord(
        start,
        RunStatus.FINISHED,
        START,
        START,
        null,
        null,
        new TreeMap<>(params),
        new TreeMap<>(Map.of("auc", new MetricPoint("auc", 0, START, auc))),
        new TreeMap<>(),
        List.of(new DatasetReference("flights", "training", Digest.of(data), 7)),
        new TreeMap<>());
  }
}
