package dev.mlops4j.testkit;

import static org.assertj.core.api.Assertions.assertThat;

import dev.mlops4j.pipeline.LogSource;
import dev.mlops4j.pipeline.Outputs;
import dev.mlops4j.pipeline.Pipeline;
import dev.mlops4j.pipeline.PipelineRun;
import dev.mlops4j.pipeline.Step;
import dev.mlops4j.pipeline.StepContext;
import dev.mlops4j.tracking.Tracking;
import dev.mlops4j.workspace.Workspace;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.util.Map;
import java.util.ServiceLoader;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CyclicBarrier;
import java.util.concurrent.TimeUnit;
import java.util.function.Consumer;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;
import org.slf4j.MDC;

/**
 * What every {@link LogSource} must do, seen from a pipeline. The author of one extends it in a
 * module where SLF4J logs to the system the source is of, and lets {@code INFO} of loggers below
 * {@code dev.mlops4j.testkit} through.
 */
public abstract class LogSourceContract {

  private static final Logger LOG = LoggerFactory.getLogger(LogSourceContract.class);

  private Path directory;

  /** The class of the source. */
  protected abstract Class<? extends LogSource> source();

  /** How many handlers or appenders the root logger has. */
  protected abstract int listeners();

  /** Has the logging system read its configuration again, as a program may. */
  protected abstract void configureAnew();

  @BeforeEach
  void itIsTheOneInUse(@TempDir Path directory) {
    this.directory = directory;
    assertThat(ServiceLoader.load(LogSource.class))
        .filteredOn(LogSource::isUsed)
        .hasExactlyElementsOfTypes(source());
  }

  @Test
  void whatAStepLogsIsInItsLogWithLevelLoggerAndFailure() {
    String log =
        logOf(
            () -> {
              LOG.info("read {} rows", 7);
              LOG.warn("odd", new IllegalStateException("of a test"));
            });
    assertThat(log)
        .contains(" dev.mlops4j.testkit.LogSourceContract - read 7 rows\n")
        .contains(" dev.mlops4j.testkit.LogSourceContract - odd\n")
        .contains("java.lang.IllegalStateException: of a test\n\tat ")
        .containsPattern("(?m)^20\\S+Z INFO dev")
        .containsPattern("(?m)^20\\S+Z WARN\\w* dev");
  }

  @Test
  void theStepsOwnLogIsKeptOnce() {
    Pipeline.Builder p = Pipeline.named("own");
    Step<Integer> step = step(p, "a", context -> context.log().warn("by its own"));
    assertThat(log(run(p), step)).containsOnlyOnce("by its own");
  }

  @Test
  void aThreadThatHasTheContextLogsForTheStepAndAnotherOneDoesNot() {
    String log =
        logOf(
            () -> {
              Map<String, String> context = MDC.getCopyOfContextMap();
              CompletableFuture.runAsync(
                      () -> {
                        MDC.setContextMap(context);
                        LOG.info("handed on");
                        MDC.clear();
                        LOG.info("of nobody");
                      },
                      task -> new Thread(task).start())
                  .join();
            });
    assertThat(log).contains("handed on").doesNotContain("of nobody");
  }

  @Test
  void stepsAtTheSameTimeKeepTheirOwn() {
    CyclicBarrier both = new CyclicBarrier(2);
    Pipeline.Builder p = Pipeline.named("beside");
    Step<Integer> left = beside(p, "left", both);
    Step<Integer> right = beside(p, "right", both);
    PipelineRun run = run(p);
    assertThat(log(run, left)).contains("of left").doesNotContain("of right");
    assertThat(log(run, right)).contains("of right").doesNotContain("of left");
  }

  @Test
  void aStepThatFailsHasItsLog() {
    Pipeline.Builder p = Pipeline.named("failing");
    Step<Integer> step =
        p.step("a")
            .gives(
                Outputs.json(Integer.class),
                context -> {
                  LOG.error("about to fail");
                  throw new IllegalStateException("of a test");
                });
    assertThat(log(run(p), step)).contains("about to fail");
  }

  @Test
  void nothingIsLeftInTheLoggingSystemNorInTheContextOfItsThreads() {
    int before = listeners();
    assertThat(logOf(() -> {})).isEmpty();
    LOG.info("between two runs");
    assertThat(logOf(() -> LOG.info("in the second")))
        .containsOnlyOnce("in the second")
        .doesNotContain("between");
    assertThat(listeners()).isEqualTo(before);
    Pipeline.Builder p = Pipeline.named("leaving");
    Step<Integer> first = step(p, "first", context -> MDC.put("mine", "left"));
    Step<Boolean> second =
        p.step("second")
            .from(first)
            .gives(Outputs.json(Boolean.class), (context, one) -> MDC.get("mine") == null);
    assertThat(run(p, 1).output(second)).isTrue();
  }

  @Test
  void aStepIsHeardAfterTheProgramHasConfiguredItsLoggingAnew() {
    Pipeline.Builder p = Pipeline.named("anew");
    Step<Integer> first = step(p, "first", context -> configureAnew());
    Step<Integer> second =
        p.step("second")
            .from(first)
            .gives(
                Outputs.json(Integer.class),
                (context, one) -> {
                  LOG.info("after that");
                  return 2;
                });
    assertThat(log(run(p), second)).containsOnlyOnce("after that");
  }

  @Test
  void whatCannotBeWrittenDownHarmsNobodyWhoLogs() {
    String log =
        logOf(
            () -> {
              MDC.put("odd", null);
              LOG.info("with null in the context");
              try {
                LOG.warn("odd", new Unprintable());
              } catch (IllegalStateException e) {
                // Logback asks for the message itself.
                LOG.debug("of the logging system", e);
              }
              LOG.info("and on");
            });
    assertThat(log).contains("with null in the context").contains("and on");
  }

  @Test
  void aPipelineThatCapturesNothingKeepsTheStepsOwnLogOnly() {
    Pipeline.Builder p = Pipeline.named("apart").captureLogs(false);
    Step<Integer> step =
        step(
            p,
            "a",
            context -> {
              LOG.info("of the library");
              context.log().info("of the step");
            });
    assertThat(log(run(p), step)).contains("of the step").doesNotContain("of the library");
  }

  /** A failure whose code fails. */
  private static final class Unprintable extends RuntimeException {

    private static final long serialVersionUID = 1L;

    @Override
    public String getMessage() {
      throw new IllegalStateException("no message");
    }
  }

  /** A step that does this, and gives 1. */
  private static Step<Integer> step(Pipeline.Builder p, String name, Consumer<StepContext> body) {
    return p.step(name)
        .gives(
            Outputs.json(Integer.class),
            context -> {
              body.accept(context);
              return 1;
            });
  }

  private static Step<Integer> beside(Pipeline.Builder p, String name, CyclicBarrier both) {
    return p.step(name)
        .gives(
            Outputs.json(Integer.class),
            context -> {
              both.await(1, TimeUnit.MINUTES);
              LOG.info("of {}", name);
              both.await(1, TimeUnit.MINUTES);
              return 1;
            });
  }

  private String logOf(Runnable body) {
    Pipeline.Builder p = Pipeline.named("logged");
    Step<Integer> step = step(p, "a", context -> body.run());
    return log(run(p), step);
  }

  private PipelineRun run(Pipeline.Builder pipeline) {
    return run(pipeline, 2);
  }

  private PipelineRun run(Pipeline.Builder pipeline, int threads) {
    try (Workspace workspace = Workspace.open(directory)) {
      return pipeline.build().in(workspace).threads(threads).run();
    }
  }

  /** What the step's log has; empty if it has none. */
  private String log(PipelineRun run, Step<?> step) {
    try (Workspace workspace = Workspace.open(directory);
        Tracking tracking = Tracking.in(workspace)) {
      String id = String.valueOf(run.step(step.name()).runId());
      return tracking.run(id).artifacts().containsKey("pipeline/log.txt")
          ? new String(tracking.artifact(id, "pipeline/log.txt"), StandardCharsets.UTF_8)
          : "";
    }
  }
}
