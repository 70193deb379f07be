package dev.mlops4j.cli;

import static org.assertj.core.api.Assertions.assertThat;

import dev.mlops4j.pipeline.Outputs;
import dev.mlops4j.pipeline.Parameter;
import dev.mlops4j.pipeline.Pipeline;
import dev.mlops4j.pipeline.Step;
import dev.mlops4j.tracking.Tracking;
import dev.mlops4j.workspace.Workspace;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.function.Supplier;
import org.junit.jupiter.api.Test;

/** Pipelines from the command line. */
class PipelineCommandTest extends CommandLineTest {

  /** What a user's jar has. */
  public static final class Doubling implements Supplier<Pipeline> {

    /** As the command makes it. */
    public Doubling() {}

    @Override
    public Pipeline get() {
      Pipeline.Builder p = Pipeline.named("doubling");
      Parameter<Integer> n = p.parameter("n", 2);
      Step<Integer> read =
          p.step("read").cached().from(n).gives(Outputs.json(Integer.class), (step, it) -> it);
      p.step("double")
          .when(read, it -> it != 0, "nothing to double")
          .from(read)
          .gives(
              Outputs.json(Integer.class),
              (step, it) -> {
                if (it < 0) {
                  throw new IllegalStateException("negative");
                }
                return 2 * it;
              });
      return p.build();
    }
  }

  /** A pipeline that needs a password. */
  public static final class Secretive implements Supplier<Pipeline> {

    /** As the command makes it. */
    public Secretive() {}

    @Override
    public Pipeline get() {
      Pipeline.Builder p = Pipeline.named("secretive");
      Parameter<String> password = p.secret("password");
      p.step("length").from(password).gives(Outputs.json(Integer.class), (step, it) -> it.length());
      return p.build();
    }
  }

  private static final String CLASS = Doubling.class.getName();

  @Test
  void aPipelineIsPlannedRunListedAndShown() {
    assertThat(mlops("pipeline", "plan", "--class", CLASS)).isEqualTo(3);
    assertThat(workspace()).doesNotExist();
    Workspace.open(workspace()).close();
    assertThat(mlops("pipeline", "plan", "--class", CLASS, "--json")).as(err).isZero();
    assertThat(json().at("/steps/0/action").asText()).isEqualTo("RUN");
    assertThat(mlops("pipeline", "run", "doubling", "--class", CLASS, "--quiet", "--json"))
        .as(err)
        .isZero();
    String run = json().get("run").asText();
    assertThat(json().at("/steps/1/status").asText()).isEqualTo("FINISHED");
    assertThat(mlops("pipeline", "plan", "--class", CLASS)).isZero();
    assertThat(out).contains("CACHED");
    assertThat(mlops("pipeline", "list", "--json")).as(err).isZero();
    assertThat(json().at("/0/run").asText()).isEqualTo(run);
    assertThat(json()).hasSize(1);
    Path page = directory.resolve("page.html");
    assertThat(mlops("pipeline", "show", run.substring(0, 12), "--html", page.toString()))
        .as(err)
        .isZero();
    assertThat(out).contains("doubling " + run + " FINISHED").contains("read");
    assertThat(page).content().contains("<h1>Pipeline doubling</h1>", "FINISHED", "<svg");
    assertThat(mlops("pipeline", "plan", "--class", CLASS, "--html", page.toString())).isZero();
    assertThat(page).content().contains("<h1>Plan of pipeline doubling</h1>", "CACHED", "<svg");
    assertThat(mlops("artifacts", "gc", "--forget-outputs", "1d")).as(err).isZero();
    assertThat(out).contains("0 outputs of steps");
    assertThat(mlops("artifacts", "gc", "--delete", "--forget-outputs", "0s", "--json"))
        .as(err)
        .isZero();
    assertThat(json().get("outputs").asInt()).isEqualTo(1);
    assertThat(mlops("pipeline", "plan", "--class", CLASS, "--json")).isZero();
    assertThat(json().at("/steps/0/action").asText()).isEqualTo("RUN");
    assertThat(mlops("pipeline", "show", run, "--mermaid")).isZero();
    assertThat(out).startsWith("flowchart TD").contains("s0 --> s1");
  }

  @Test
  void aSecretIsRefusedOnTheCommandLineWhichEachRunRecords() {
    String[] run = {"pipeline", "run", "--class", Secretive.class.getName(), "--quiet"};
    String[] told = Arrays.copyOf(run, run.length + 2);
    told[run.length] = "-p";
    told[run.length + 1] = "password=open sesame";
    assertThat(mlops(told)).isEqualTo(2);
    assertThat(err).contains("--parameter-from password=VARIABLE").doesNotContain("sesame");
    try (Workspace workspace = Workspace.open(workspace())) {
      assertThat(Tracking.in(workspace).runs("secretive")).isEmpty();
    }
    told[run.length] = "--parameter-from";
    told[run.length + 1] = "password=PATH";
    assertThat(mlops(told)).as(err).isZero();
  }

  @Test
  void aFailedRunHasAnExitCodeOfItsOwnAndIsResumed() {
    assertThat(mlops("pipeline", "run", "--class", CLASS, "-p", "n=-1", "--quiet", "--json"))
        .isEqualTo(1);
    String run = json().get("run").asText();
    assertThat(json().get("status").asText()).isEqualTo("FAILED");
    assertThat(mlops("pipeline", "resume", run, "--class", CLASS, "--quiet", "--json"))
        .isEqualTo(1);
    assertThat(json().at("/steps/0/status").asText()).isEqualTo("KEPT");
    assertThat(mlops("pipeline", "resume", run, "--class", CLASS, "-p", "n=3")).isEqualTo(2);
    assertThat(mlops("pipeline", "run", "--class", CLASS, "--quiet", "--json")).isZero();
    assertThat(mlops("pipeline", "resume", json().get("run").asText(), "--class", CLASS))
        .isEqualTo(4);
  }

  @Test
  void oneStepIsRunWithWhatTheOneBeforeGave() {
    String[] alone = {
      "pipeline", "run", "--class", CLASS, "--quiet", "--json", "--step", "double", "-p", "n=21"
    };
    assertThat(mlops(alone)).isEqualTo(3);
    assertThat(err).contains("[read]");
    assertThat(
            mlops("pipeline", "run", "--class", CLASS, "--quiet", "--step", "read", "-p", "n=21"))
        .as(err)
        .isZero();
    assertThat(mlops(alone)).as(err).isZero();
    assertThat(json().at("/steps/0/status").asText()).isEqualTo("KEPT");
    assertThat(json().at("/steps/1/status").asText()).isEqualTo("FINISHED");
    String from = json().at("/steps/0/reason").asText().replace("from run ", "");
    String[] other = {
      "pipeline", "run", "--class", CLASS, "--quiet", "--step", "double", "--from-run", from
    };
    assertThat(mlops(other)).as(err).isZero();
    assertThat(mlops("pipeline", "run", "--class", CLASS, "--from-run", from)).isEqualTo(2);
  }

  @Test
  void aStepAloneThatIsSkippedHasAnExitCodeOfItsOwn() {
    String[] run = {"pipeline", "run", "--class", CLASS, "--quiet", "-p", "n=0"};
    assertThat(mlops(run)).as("the run of all steps").isZero();
    String[] alone = Arrays.copyOf(run, run.length + 2);
    alone[run.length] = "--step";
    alone[run.length + 1] = "double";
    assertThat(mlops(alone)).as(err).isEqualTo(6);
    assertThat(out).contains("nothing to double");
  }

  @Test
  void aResumeRefusesToRefresh() {
    assertThat(mlops("pipeline", "run", "--class", CLASS, "-p", "n=-1", "--quiet", "--json"))
        .isEqualTo(1);
    String run = json().get("run").asText();
    assertThat(mlops("pipeline", "resume", run, "--class", CLASS, "--refresh-all")).isEqualTo(2);
    assertThat(err).contains("refresh of all steps");
  }

  @Test
  void wrongArgumentsAreNamed() {
    assertThat(mlops("pipeline", "run", "--class", "no.such.Class")).isEqualTo(3);
    assertThat(err).contains("no.such.Class");
    assertThat(mlops("pipeline", "run", "--class", String.class.getName())).isEqualTo(2);
    assertThat(err).contains("no Supplier<Pipeline>");
    assertThat(mlops("pipeline", "run", "other", "--class", CLASS)).isEqualTo(3);
    assertThat(mlops("pipeline", "run", "--class", CLASS, "-p", "n=two")).isEqualTo(2);
    assertThat(mlops("pipeline", "run", "--class", CLASS, "--step", "third")).isEqualTo(3);
    assertThat(mlops("pipeline", "run")).isEqualTo(2);
  }
}
