package dev.mlops4j.pipeline;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assertions.tuple;
import static org.assertj.core.api.InstanceOfAssertFactories.STRING;

import dev.mlops4j.tracking.Run;
import dev.mlops4j.tracking.RunRecord;
import dev.mlops4j.tracking.RunStatus;
import dev.mlops4j.tracking.Tracking;
import dev.mlops4j.workspace.Workspace;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.PrintStream;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.time.Duration;
import java.time.InstantSource;
import java.util.List;
import java.util.Set;
import java.util.concurrent.CountDownLatch;
import org.jsoup.Jsoup;
import org.jsoup.nodes.Document;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

/** How runs are shown while they go on and afterwards. */
class PipelineReportTest {

  @TempDir Path directory;
  private final ByteArrayOutputStream bytes = new ByteArrayOutputStream();
  private Workspace workspace;

  @BeforeEach
  void open() {
    workspace = Workspace.open(directory.resolve("workspace"));
  }

  @AfterEach
  void close() {
    workspace.close();
  }

  private Pipeline pipeline() {
    Pipeline.Builder p = Pipeline.named("shown");
    Step<Integer> one = p.step("<one> \"1\"").gives(Outputs.json(Integer.class), step -> 1);
    Step<Integer> two =
        p.step("two")
            .from(one)
            .gives(
                Outputs.json(Integer.class),
                (step, n) -> {
                  step.log().info("got {} at {}", n, "noon");
                  step.log().warn("bad", new IOException("disk"));
                  throw new IllegalStateException("no\nway");
                });
    p.step("three").from(two).gives(Outputs.json(Integer.class), (step, n) -> n);
    p.forEach("each", Input.of(List.of(1, 2)), i -> "e" + i)
        .gives(Outputs.json(Integer.class), (step, i) -> i);
    return p.build();
  }

  private String printed() {
    return bytes.toString(StandardCharsets.UTF_8);
  }

  @Test
  void progressIsALineAnEventWithoutControlCharacters() {
    PrintStream out = new PrintStream(bytes, true, StandardCharsets.UTF_8);
    PipelineRun run = pipeline().in(workspace).threads(1).listener(Progress.lines(out)).run();

    assertThat(printed().lines().toList())
        .first()
        .isEqualTo("pipeline shown, run " + run.id() + ", 4 steps");
    assertThat(printed().lines())
        .anyMatch(line -> line.startsWith("<one> \"1\" FINISHED in "))
        .anyMatch(line -> line.matches("two FAILED in .*: IllegalStateException: no\\\\u000away"))
        .contains("three BLOCKED: step \"two\" failed")
        .anyMatch(line -> line.startsWith("pipeline shown FAILED after "));
    assertThat(printed()).doesNotContain("\u001b");
  }

  @Test
  void aTerminalAlsoShowsWhatGoesOn() {
    PrintStream out = new PrintStream(bytes, true, StandardCharsets.UTF_8);
    PipelineRun run =
        pipeline()
            .in(workspace)
            .threads(1)
            .listener(Progress.live(out, InstantSource.system()))
            .run();
    assertThat(run.status()).isEqualTo(RunStatus.FAILED);
    assertThat(printed()).contains("\r\u001b[2K[0/4] ").contains(" each 1/2").contains("[1/4]");
  }

  @Test
  void theLastLineOfATerminalSaysForHowLongStepsHaveGoneOn() {
    PrintStream out = new PrintStream(bytes, true, StandardCharsets.UTF_8);
    MovableClock clock = new MovableClock("2026-01-01T00:00:00Z");
    Progress progress = Progress.live(out, clock);
    progress.started(
        new PipelineReport("p", "r", RunStatus.RUNNING, clock.instant(), null, List.of()));
    progress.stepStarted("train");
    clock.set("2026-01-01T00:00:12Z");
    progress.stepStarted("each");
    progress.itemEnded("each", "e1", 1, 3);
    clock.set("2026-01-01T00:01:30Z");
    progress.tick();
    assertThat(printed()).endsWith("\r\u001b[2K[0/0] 1:30 min, train 1:30 min, each 1/3 1:18 min");
    progress.ended(
        new PipelineReport(
            "p", "r", RunStatus.FINISHED, clock.instant(), clock.instant(), List.of()));
    bytes.reset();
    progress.tick();
    assertThat(printed()).isEmpty();
  }

  @Test
  void aRunWhoseEndNobodyToldOfLeavesNoThreadToTheNext() throws InterruptedException {
    PrintStream out = new PrintStream(bytes, true, StandardCharsets.UTF_8);
    MovableClock clock = new MovableClock("2026-01-01T00:00:00Z");
    PipelineReport report =
        new PipelineReport("p", "r", RunStatus.RUNNING, clock.instant(), null, List.of());
    Progress progress = Progress.live(out, clock);
    Set<Thread> before = Thread.getAllStackTraces().keySet();
    progress.started(report);
    Thread first =
        Thread.getAllStackTraces().keySet().stream()
            .filter(thread -> !before.contains(thread))
            .filter(thread -> thread.getName().equals("mlops4j-pipeline-progress"))
            .findFirst()
            .orElseThrow();
    progress.started(report);
    first.join(30_000);
    assertThat(first.isAlive()).isFalse();
    progress.ended(report);
  }

  @Test
  void aRunIsShownAsTextMermaidAndAPageAndReadAgainAsItWas() throws IOException {
    PipelineRun run = pipeline().in(workspace).run();
    assertThat(run.toText()).contains("BLOCKED", "step \"two\" failed");
    assertThat(run.toMermaid())
        .startsWith("flowchart TD\n  s0[\"#60;one#62; #34;1#34;<br/>finished")
        .contains("  s0 --> s1\n", ":::failed");
    Path page = directory.resolve("page.html");
    run.writeHtml(page);
    Document html = Jsoup.parse(page);
    assertThat(html.select("h1").text()).isEqualTo("Pipeline shown");
    assertThat(html.select("svg g title").eachText())
        .hasSize(4)
        .first(STRING)
        .matches("<one> \"1\": finished, \\d+ ms");
    assertThat(html.select("svg g.tone-alert .name").text()).isEqualTo("two");
    assertThat(html.select("svg g.tone-faded .note").text()).isEqualTo("blocked");
    assertThat(html.select("svg path.arrow")).hasSize(2);
    assertThat(html.select("svg desc").text()).contains("three: blocked, after two.");
    assertThat(html.select("tbody th").eachText())
        .containsExactly("<one> \"1\"", "two", "three", "each");
    try (Tracking tracking = Tracking.in(workspace)) {
      assertThat(PipelineReport.read(tracking, run.id())).isEqualTo(run.report());
      assertThat(PipelineReport.list(tracking, "shown", 5))
          .extracting(PipelineReport::runId, PipelineReport::status)
          .containsExactly(tuple(run.id(), RunStatus.FAILED));
      try (Run other = tracking.start("shown")) {
        assertThatThrownBy(() -> PipelineReport.read(tracking, other.id()))
            .isInstanceOf(NoSuchPipelineRunException.class);
      }
    }
  }

  @Test
  void whatAStepLogsIsAnArtifactOfItsRun() {
    PipelineRun run = pipeline().in(workspace).run();
    try (Tracking tracking = Tracking.in(workspace)) {
      String log =
          new String(
              tracking.artifact(String.valueOf(run.step("two").runId()), "pipeline/log.txt"),
              StandardCharsets.UTF_8);
      assertThat(log)
          .contains("INFO got 1 at noon\n")
          .contains("WARN bad\njava.io.IOException: disk\n");
    }
  }

  @Test
  void ofALogThatIsTooLongBothEndsAreKept() {
    StepLog log = new StepLog(InstantSource.system());
    String line = "x".repeat(1_023) + "\n";
    log.keep("first\n");
    for (int i = 0; i < 2_000; i++) {
      log.keep(line);
    }
    log.keep("last\n");
    String text = log.text();
    assertThat(text.length()).isLessThanOrEqualTo(StepLog.MOST + 100);
    assertThat(text).startsWith("first\nx").endsWith("x\nlast\n");
    assertThat(text).containsPattern("x\\n\\.\\.\\. (\\d+) characters are not kept\\nx");
    int kept = text.replaceFirst("\\.\\.\\. \\d+ characters are not kept\\n", "").length();
    assertThat(text).contains("... " + (2_000 * 1_024 + 11 - kept) + " characters");
  }

  @Test
  void anEventThatIsTooLongIsCutAndLeavesRoomForOthers() {
    StepLog log = new StepLog(InstantSource.system());
    log.keep("y".repeat(3 * StepLog.MOST));
    log.keep("z\n");
    assertThat(log.text())
        .endsWith(
            "y... "
                + (3 * StepLog.MOST - StepLog.MOST_OF_ONE)
                + " characters of this are not kept\nz\n");
  }

  @Test
  void aRunThatGoesOnIsReportedFromItsSteps() throws InterruptedException {
    CountDownLatch entered = new CountDownLatch(1);
    CountDownLatch release = new CountDownLatch(1);
    Pipeline.Builder p = Pipeline.named("going");
    Step<Integer> one = p.step("one").gives(Outputs.json(Integer.class), step -> 1);
    p.step("two")
        .from(one)
        .gives(
            Outputs.json(Integer.class),
            (step, n) -> {
              Run own = step.run(); // is there from now on
              entered.countDown();
              release.await();
              return own.isLeading() ? n : -n;
            });
    RunningPipeline running = p.build().in(workspace).start();
    entered.await();
    try (Tracking tracking = Tracking.in(workspace)) {
      PipelineReport report = PipelineReport.read(tracking, running.id());
      assertThat(report.status()).isEqualTo(RunStatus.RUNNING);
      assertThat(report.steps())
          .extracting(StepResult::status)
          .containsExactly(StepStatus.FINISHED, StepStatus.RUNNING);
      assertThat(report.steps().get(1).dependencies()).containsExactly("one");
      assertThat(Jsoup.parse(report.toHtml()).select("svg path.arrow")).hasSize(1);
    }
    release.countDown();
    assertThat(running.await().status()).isEqualTo(RunStatus.FINISHED);
  }

  @Test
  @Timeout(60)
  void aStepThatTakesAWhileIsShownThoughItAsksForNothing() {
    CountDownLatch release = new CountDownLatch(1);
    Pipeline.Builder p = Pipeline.named("long");
    p.step("long")
        .gives(
            Outputs.json(Integer.class),
            step -> {
              release.await();
              return 1;
            });
    RunningPipeline running = p.build().in(workspace).start();
    List<StepStatus> shown = List.of();
    try (Tracking tracking = Tracking.in(workspace)) {
      while (shown.isEmpty()) {
        shown =
            PipelineReport.read(tracking, running.id()).steps().stream()
                .map(StepResult::status)
                .toList();
      }
      assertThat(shown).containsExactly(StepStatus.RUNNING);
      release.countDown();
      PipelineRun run = running.await().orThrow();
      assertThat(tracking.children(run.id()))
          .as("it is one run, also when it has ended")
          .extracting(RunRecord::id, RunRecord::status)
          .containsExactly(tuple(run.step("long").runId(), RunStatus.FINISHED));
    }
  }

  @Test
  void timesAreWrittenInTheUnitThatFits() {
    assertThat(ReportText.time(Duration.ofMillis(8))).isEqualTo("8 ms");
    assertThat(ReportText.time(Duration.ofMillis(1_320))).isEqualTo("1.3 s");
    assertThat(ReportText.time(Duration.ofSeconds(245))).isEqualTo("4:05 min");
    assertThat(ReportText.time(Duration.ofSeconds(3_723))).isEqualTo("1:02:03 h");
  }
}
