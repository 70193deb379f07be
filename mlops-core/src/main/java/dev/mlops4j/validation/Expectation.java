package dev.mlops4j.validation;

import dev.mlops4j.data.Dataset;
import java.util.List;
import java.util.function.Function;
import org.jspecify.annotations.Nullable;

/** One thing that is asked of a dataset. */
record Expectation(
    Severity severity, @Nullable String column, String asked, Function<Dataset, Finding> check) {

  ExpectationResult result(Dataset dataset) {
    if (column != null && !dataset.schema().contains(column)) {
      return result(new Finding(Outcome.NOT_CHECKED, "no such column", 0, List.of()));
    }
    return result(check.apply(dataset));
  }

  /** That the column is there, which naming it asks. */
  static ExpectationResult presence(Severity severity, String column, Dataset dataset) {
    boolean there = dataset.schema().contains(column);
    return new ExpectationResult(
        severity,
        column,
        "is a column",
        there ? Outcome.HELD : Outcome.VIOLATED,
        there ? "" : "only " + String.join(", ", dataset.schema().names()),
        0,
        List.of());
  }

  private ExpectationResult result(Finding finding) {
    return new ExpectationResult(
        severity,
        column,
        asked,
        finding.outcome(),
        finding.found(),
        finding.violations(),
        finding.firstRows());
  }
}
