package dev.mlops4j.pipeline;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;

import dev.mlops4j.data.ColumnType;
import dev.mlops4j.data.Dataset;
import dev.mlops4j.data.Schema;
import dev.mlops4j.tracking.Tracking;
import dev.mlops4j.validation.Expectations;
import dev.mlops4j.validation.ExpectationsFailedException;
import dev.mlops4j.validation.Severity;
import dev.mlops4j.validation.ValidationReport;
import dev.mlops4j.workspace.Workspace;
import java.nio.file.Path;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class ChecksTest {

  private static final Schema SCHEMA =
      Schema.builder().required("distance", ColumnType.INT64).build();

  @TempDir Path directory;
  private Workspace workspace;

  @BeforeEach
  void open() {
    workspace = Workspace.open(directory.resolve("workspace"));
  }

  @AfterEach
  void close() {
    workspace.close();
  }

  /** Trains on one row, whose distance is 7. */
  private PipelineRun run(Severity severity, int most) {
    Expectations expectations =
        Expectations.named("flights")
            .column(severity, "distance", values -> values.between(0, most))
            .build();
    Pipeline.Builder p = Pipeline.named("flights");
    Step<Dataset> rows =
        p.step("read").gives(Outputs.dataset(), step -> Dataset.builder(SCHEMA).add(7L).build());
    Step<Dataset> checked = Checks.step(p.step("validate"), rows, expectations);
    p.step("train")
        .from(checked)
        .gives(Outputs.json(Integer.class), (step, data) -> data.rowCount());
    return p.build().in(workspace).run();
  }

  private ValidationReport report(PipelineRun run) {
    String id = String.valueOf(run.step("validate").runId());
    try (Tracking tracking = Tracking.in(workspace)) {
      assertThat(new String(tracking.artifact(id, Checks.HTML), UTF_8))
          .contains("<html")
          .contains("distance");
      return ValidationReport.fromJson(new String(tracking.artifact(id, Checks.JSON), UTF_8));
    }
  }

  @Test
  void dataThatMeetTheExpectationsAreTrainedOn() {
    PipelineRun run = run(Severity.FAIL, 7);

    assertThat(run.step("train").status()).isEqualTo(StepStatus.FINISHED);
    assertThat(report(run).passed()).isTrue();
  }

  @Test
  void aFailureStopsTheTrainingAndLeavesItsReport() {
    PipelineRun run = run(Severity.FAIL, 6);

    assertThat(run.step("validate").status()).isEqualTo(StepStatus.FAILED);
    assertThat(run.failures().get("validate")).isInstanceOf(ExpectationsFailedException.class);
    assertThat(run.step("train").status()).isEqualTo(StepStatus.BLOCKED);
    assertThat(report(run).failures()).hasSize(1);
  }

  @Test
  void aWarningStopsNothing() {
    PipelineRun run = run(Severity.WARN, 6);

    assertThat(run.step("train").status()).isEqualTo(StepStatus.FINISHED);
    assertThat(report(run).warnings()).hasSize(1);
  }
}
