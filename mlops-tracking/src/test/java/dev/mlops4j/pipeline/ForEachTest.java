package dev.mlops4j.pipeline;

import static org.assertj.core.api.Assertions.assertThat;

import dev.mlops4j.tracking.RunRecord;
import dev.mlops4j.tracking.RunStatus;
import dev.mlops4j.tracking.Tracking;
import dev.mlops4j.workspace.Workspace;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.stream.IntStream;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Steps that do the same for each element of a list. */
class ForEachTest {

  @TempDir Path directory;
  private Workspace workspace;

  /** A part of the data. */
  record Fold(String name, int from) {}

  @BeforeEach
  void open() {
    workspace = Workspace.open(directory.resolve("workspace"));
  }

  @AfterEach
  void close() {
    workspace.close();
  }

  @Test
  void theOutputsComeInTheOrderOfTheListAndEachElementHasARunBelowTheSteps() {
    Pipeline.Builder p = Pipeline.named("folds");
    Parameter<Integer> count = p.parameter("count", 3);
    Step<List<Fold>> folds =
        p.step("folds")
            .from(count)
            .gives(
                Outputs.jsonList(Fold.class),
                (step, n) ->
                    IntStream.range(0, n).mapToObj(i -> new Fold("f" + i, i * 10)).toList());
    Step<List<Double>> scores =
        p.forEach("score", folds, Fold::name)
            .from(count)
            .gives(
                Outputs.json(Double.class),
                (step, fold, n) -> {
                  if (fold.from() == 10) {
                    step.metric("seen", 1);
                  }
                  return fold.from() / (double) n;
                });
    PipelineRun run = p.build().in(workspace).run().orThrow();

    assertThat(run.output(scores)).containsExactly(0.0, 10 / 3.0, 20 / 3.0);
    assertThat(run.step(scores).items()).isEqualTo(3);
    try (Tracking tracking = Tracking.in(workspace)) {
      List<RunRecord> items = tracking.children(String.valueOf(run.step(scores).runId()));
      assertThat(items)
          .extracting(RunRecord::name)
          .containsExactlyInAnyOrder("score[f0]", "score[f1]", "score[f2]");
      assertThat(items)
          .filteredOn(item -> item.name().equals("score[f1]"))
          .allSatisfy(item -> assertThat(item.metric("seen")).isEqualTo(1));
    }
  }

  @Test
  void noMoreElementsAreDoneAtATimeThanTheStepAllows() {
    AtomicInteger working = new AtomicInteger();
    List<Integer> seen = Collections.synchronizedList(new ArrayList<>());
    Pipeline.Builder p = Pipeline.named("bounded");
    p.forEach("each", Input.of(IntStream.range(0, 40).boxed().toList()), i -> "e" + i)
        .concurrency(2)
        .gives(
            Outputs.json(Integer.class),
            (step, i) -> {
              seen.add(working.incrementAndGet());
              Thread.onSpinWait();
              working.decrementAndGet();
              return i;
            });
    PipelineRun run = p.build().in(workspace).threads(6).run().orThrow();

    assertThat(seen).hasSize(40).allMatch(n -> n <= 2);
    assertThat(run.step("each").status()).isEqualTo(StepStatus.FINISHED);
  }

  @Test
  void anEmptyListGivesAnEmptyList() {
    Pipeline.Builder p = Pipeline.named("empty");
    Step<List<Integer>> each =
        p.forEach("each", Input.of(List.<Integer>of()), i -> "e" + i)
            .gives(Outputs.json(Integer.class), (step, i) -> i);
    assertThat(p.build().in(workspace).run().orThrow().output(each)).isEmpty();
  }

  @Test
  void filesOfElementsAreKeptApart() {
    Pipeline.Builder p = Pipeline.named("files");
    Step<List<Path>> each =
        p.forEach("each", Input.of(List.of("a", "b")), name -> name)
            .gives(
                Outputs.file(),
                (step, name) ->
                    Files.writeString(step.directory().resolve("out.txt"), "of " + name));
    List<Path> files = p.build().in(workspace).run().orThrow().output(each);
    assertThat(files.get(0)).hasFileName("out.txt").hasContent("of a");
    assertThat(files.get(1)).hasFileName("out.txt").hasContent("of b");
  }

  @Test
  void twoElementsOfOneNameFailTheStepBeforeAnyIsDone() {
    AtomicInteger done = new AtomicInteger();
    Pipeline.Builder p = Pipeline.named("twice");
    p.forEach("each", Input.of(List.of(1, 2)), i -> "same")
        .gives(Outputs.json(Integer.class), (step, i) -> done.incrementAndGet());
    PipelineRun run = p.build().in(workspace).run();
    assertThat(run.failures().get("each"))
        .isInstanceOf(InvalidPipelineException.class)
        .hasMessageContaining("\"same\"");
    assertThat(done).hasValue(0);
  }

  @Test
  void aNameWithAControlCharacterFailsTheStepBeforeAnyIsDone() {
    AtomicInteger done = new AtomicInteger();
    Pipeline.Builder p = Pipeline.named("control");
    p.forEach("each", Input.of(List.of("a", "b\n")), name -> name)
        .gives(Outputs.json(Integer.class), (step, name) -> done.incrementAndGet());
    PipelineRun run = p.build().in(workspace).run();
    assertThat(run.failures().get("each"))
        .isInstanceOf(InvalidPipelineException.class)
        .hasMessageContaining("\"b?\"");
    assertThat(done).hasValue(0);
  }

  @Test
  void whatHasChangedInAStepForEachIsToldByTheStepAndNotByAnElement() {
    assertThat(growing(2).in(workspace).run().status()).isEqualTo(RunStatus.FINISHED);
    // Its third element is kept, and it is not.
    assertThat(growing(4).in(workspace).run().status()).isEqualTo(RunStatus.FAILED);

    assertThat(growing(4).in(workspace).plan().step("each").reason())
        .isEqualTo("output of list has changed since it was done last");
  }

  private static Pipeline growing(int n) {
    Pipeline.Builder p = Pipeline.named("growing");
    Step<List<Integer>> list =
        p.step("list")
            .version("" + n)
            .cached()
            .gives(Outputs.jsonList(Integer.class), step -> IntStream.range(0, n).boxed().toList());
    p.forEach("each", list, i -> "e" + i)
        .cached()
        .gives(
            Outputs.json(Integer.class),
            (step, i) -> {
              if (i == 3) {
                throw new IllegalStateException("three is broken");
              }
              return i;
            });
    return p.build();
  }

  @Test
  void aCachedStepForEachDoesOnlyTheElementsThatAreNew() {
    AtomicInteger done = new AtomicInteger();
    for (int n : new int[] {3, 5}) {
      Pipeline.Builder p = Pipeline.named("grown");
      Step<List<Integer>> each =
          p.forEach("each", Input.of(IntStream.range(0, n).boxed().toList()), i -> "e" + i)
              .cached()
              .gives(
                  Outputs.json(Integer.class),
                  (step, i) -> {
                    done.incrementAndGet();
                    return i * i;
                  });
      List<Integer> all = p.build().in(workspace).run().orThrow().output(each);
      assertThat(all).hasSize(n).endsWith((n - 1) * (n - 1));
    }
    assertThat(done).hasValue(5);
  }

  @Test
  void aThousandElementsAreKeptAlthoughTheirListIsLongerThanAParamOfARun() {
    Pipeline.Builder p = Pipeline.named("thousand");
    Step<List<String>> each =
        p.forEach("each", Input.of(IntStream.range(0, 300).boxed().toList()), i -> "e" + i)
            .gives(Outputs.json(String.class), (step, i) -> "x".repeat(300) + i);
    PipelineRun run = p.build().in(workspace).threads(2).run().orThrow();
    assertThat(run.output(each)).hasSize(300).last().asString().endsWith("x299");
  }
}
