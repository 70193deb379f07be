package dev.mlops4j.pipeline;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.mlops4j.tracking.RunRecord;
import dev.mlops4j.tracking.Tracking;
import dev.mlops4j.workspace.Workspace;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Parameters of which nothing is kept. */
class SecretParameterTest {

  private static final String SECRET = "correct-horse-battery";

  @TempDir Path directory;

  private static Pipeline pipeline(List<String> seen) {
    Pipeline.Builder p = Pipeline.named("secrets");
    Parameter<String> password = p.secret("database");
    Parameter<String> day = p.parameter("day", "monday");
    Step<Integer> read =
        p.step("read")
            .cached()
            .from(password, day)
            .gives(
                Outputs.json(Integer.class),
                (step, secret, on) -> {
                  seen.add(secret);
                  if (on.equals("never")) {
                    throw new IllegalStateException("no");
                  }
                  return secret.length();
                });
    p.forEach("each", Input.of(List.of(1, 2)), i -> "i" + i)
        .from(password, read)
        .gives(Outputs.json(Integer.class), (step, i, secret, n) -> i + n + secret.length());
    return p.build();
  }

  @Test
  void aSecretIsGivenToItsStepsAndKeptNowhere() throws IOException {
    List<String> seen = new ArrayList<>();
    Pipeline pipeline = pipeline(seen);
    Path place = directory.resolve("workspace");
    try (Workspace workspace = Workspace.open(place);
        Tracking tracking = Tracking.in(workspace)) {
      PipelineRun run = pipeline.in(workspace).parameter("database", SECRET).run().orThrow();
      assertThat(seen).containsExactly(SECRET);
      assertThat(tracking.run(run.id()).params())
          .containsEntry("database", "(secret)")
          .containsEntry("day", "monday");
      assertThat(tracking.children(run.id()))
          .extracting(RunRecord::params)
          .allSatisfy(params -> assertThat(params).containsEntry("database", "(secret)"));
      PipelineRun rotated = pipeline.in(workspace).parameter("database", "new").run().orThrow();
      assertThat(rotated.step("read").status())
          .as("a new password spoils nothing")
          .isEqualTo(StepStatus.CACHED);
    }
    try (Stream<Path> files = Files.walk(place)) {
      for (Path file : files.filter(Files::isRegularFile).toList()) {
        assertThat(new String(Files.readAllBytes(file), StandardCharsets.ISO_8859_1))
            .as(file.toString())
            .doesNotContain(SECRET);
      }
    }
  }

  @Test
  void aResumeIsGivenItAgain() {
    List<String> seen = new ArrayList<>();
    Pipeline pipeline = pipeline(seen);
    try (Workspace workspace = Workspace.open(directory.resolve("workspace"))) {
      String failed =
          pipeline.in(workspace).parameter("database", SECRET).parameter("day", "never").run().id();
      assertThatThrownBy(() -> pipeline.in(workspace).resume(failed))
          .isInstanceOf(InvalidParameterException.class)
          .hasMessageContaining("database");
      assertThat(pipeline.in(workspace).parameter("database", "other").resume(failed).id())
          .isEqualTo(failed);
      assertThat(seen).containsExactly(SECRET, "other");
    }
  }

  @Test
  void whatWasRecordedInPlaceOfASecretIsNeverTakenAsAValue() {
    List<String> seen = new ArrayList<>();
    try (Workspace workspace = Workspace.open(directory.resolve("workspace"))) {
      String failed = one(true, seen).in(workspace).parameter("word", "never").run().id();
      Pipeline open = one(false, seen);
      assertThatThrownBy(() -> open.in(workspace).parameter("word", "a").resume(failed))
          .isInstanceOf(PipelineChangedException.class)
          .hasMessageContaining("\"say\"");
      assertThatThrownBy(() -> open.in(workspace).allowChangedCode().resume(failed))
          .isInstanceOf(InvalidParameterException.class)
          .hasMessageContaining("word");
      PipelineRun run =
          open.in(workspace).allowChangedCode().parameter("word", "b").resume(failed).orThrow();
      assertThat(run.id()).isEqualTo(failed);
      assertThat(seen).containsExactly("never", "b");
    }
  }

  private static Pipeline one(boolean isSecret, List<String> seen) {
    Pipeline.Builder p = Pipeline.named("one");
    Parameter<String> word = isSecret ? p.secret("word") : p.parameter("word", String.class);
    p.step("say")
        .from(word)
        .gives(
            Outputs.json(Integer.class),
            (step, said) -> {
              seen.add(said);
              if (said.equals("never")) {
                throw new IllegalStateException("no");
              }
              return 1;
            });
    return p.build();
  }
}
