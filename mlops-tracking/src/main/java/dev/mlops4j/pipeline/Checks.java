package dev.mlops4j.pipeline;

import dev.mlops4j.data.Dataset;
import dev.mlops4j.validation.ExpectationResult;
import dev.mlops4j.validation.Expectations;
import dev.mlops4j.validation.ValidationReport;

/**
 * Steps that check data before something is trained on them.
 *
 * <pre>{@code
 * Step<Dataset> checked = Checks.step(p.step("validate"), flights, EXPECTATIONS);
 * Step<ModelPackage> model = p.step("train").from(checked).gives(...);
 * }</pre>
 */
public final class Checks {

  /** The report as JSON, among the artifacts of the step's run. */
  public static final String JSON = "validation.json";

  /** The report as a page, among the artifacts of the step's run. */
  public static final String HTML = "validation.html";

  private Checks() {}

  /**
   * Declares a step that gives the dataset it takes, if it meets the expectations: so what takes
   * the step's output is not begun on data that do not. The report is kept as {@link #JSON} and
   * {@link #HTML} either way, with the metrics {@code failures} and {@code warnings}; warnings are
   * logged and stop nothing.
   *
   * @param step a step that was begun, with its name and options. Neither the cache nor a resume
   *     sees what the expectations are: state a {@code version} and change it with them
   * @return the step, which fails with an {@link
   *     dev.mlops4j.validation.ExpectationsFailedException} that lists all that failed
   */
  public static Step<Dataset> step(
      StepBuilder step, Input<Dataset> rows, Expectations expectations) {
    return step.from(rows)
        .gives(Outputs.dataset(), (context, dataset) -> check(context, dataset, expectations));
  }

  private static Dataset check(StepContext step, Dataset dataset, Expectations expectations) {
    ValidationReport report = expectations.check(dataset);
    step.run().artifact(JSON, report.toJson());
    step.run().artifact(HTML, report.toHtml());
    step.metric("failures", report.failures().size());
    step.metric("warnings", report.warnings().size());
    for (ExpectationResult warning : report.warnings()) {
      step.log().warn("{}", warning);
    }
    report.orThrow();
    return dataset;
  }
}
