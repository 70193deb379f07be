package dev.mlops4j.cli;

import static org.assertj.core.api.Assertions.assertThat;

import dev.mlops4j.tracking.Run;
import dev.mlops4j.tracking.Tracking;
import dev.mlops4j.workspace.Workspace;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

/** Runs are searched, deleted, restored and purged. */
class RunsSearchTest extends CommandLineTest {

  private final List<String> ids = new ArrayList<>();

  @BeforeEach
  void runs() {
    try (Workspace opened = Workspace.open(workspace())) {
      Tracking tracking = Tracking.in(opened);
      for (int i = 0; i < 5; i++) {
        try (Run run = tracking.start(i < 3 ? "flights" : "coffee", "run " + i)) {
          run.param("depth", i % 2);
          run.metric("auc", 0.5 + i / 10.0);
          run.artifact("notes.txt", "notes of " + i);
          ids.add(run.id());
        }
      }
    }
  }

  @Test
  void runsAreFoundByAFilterSortedAndInPages() {
    assertThat(mlops("runs", "search", "metrics.auc > 0.55 and params.depth = '1'")).isZero();
    assertThat(out).contains("run 1", "run 3").doesNotContain("run 0", "run 2", "run 4");
    assertThat(mlops("runs", "search", "--order-by", "metrics.auc desc", "--limit", "2", "--json"))
        .isZero();
    assertThat(names()).containsExactly("run 4", "run 3");
    String next = json().get("next").asText();
    assertThat(
            mlops(
                "runs",
                "search",
                "--order-by",
                "metrics.auc desc",
                "--limit",
                "3",
                "--after",
                next,
                "--json"))
        .isZero();
    assertThat(names()).containsExactly("run 2", "run 1", "run 0");
    assertThat(json().get("next").isNull()).isTrue();
    assertThat(mlops("runs", "search", "-e", "coffee", "--json")).isZero();
    assertThat(names()).containsExactly("run 4", "run 3");
    assertThat(mlops("runs", "search", "-e", "coffee", "-e", "flights", "--limit", "4")).isZero();
    assertThat(out).contains("there are more: --after ");
    assertThat(mlops("runs", "search", "metrics.auc > 7")).isZero();
    assertThat(out.strip()).isEqualTo("no runs");
  }

  @Test
  void whatCannotBeSearchedIsOneLineWithTheColumn() {
    assertThat(mlops("runs", "search", "metrics.auc > and x")).isEqualTo(2);
    assertThat(err.lines()).hasSize(1);
    assertThat(err).contains("at column 15: found \"and\", expected a number").doesNotContain("^");
    assertThat(mlops("runs", "search", "--order-by", "metrics.auc sideways")).isEqualTo(2);
    assertThat(err.lines()).hasSize(1);
    assertThat(mlops("runs", "search", "--after", "x")).isEqualTo(2);
    assertThat(err).contains("the cursor").hasLineCount(1);
    assertThat(mlops("runs", "search", "--limit", "1001")).isEqualTo(2);
    assertThat(err).contains("--limit takes 1 to 1000, found 1001");
    assertThat(mlops("runs", "search", "-e", "other")).isEqualTo(3);
    assertThat(err).contains("no experiment \"other\"");
  }

  @Test
  void runsAreDeletedRestoredAndPurged() {
    String first = ids.get(0);
    assertThat(mlops("runs", "delete", first.substring(0, 12), ids.get(1), first)).as(err).isZero();
    assertThat(out.lines()).hasSize(2).allMatch(line -> line.endsWith("is deleted"));
    assertThat(mlops("runs", "list")).isZero();
    assertThat(out).doesNotContain("run 0", "run 1").contains("run 2");
    assertThat(mlops("runs", "search", "--deleted", "--json")).isZero();
    assertThat(names()).containsExactly("run 1", "run 0");
    assertThat(json().get("runs").get(0).get("deletedAt").asText()).startsWith("2");
    assertThat(mlops("runs", "restore", first.substring(0, 12), "--json")).as(err).isZero();
    assertThat(json().get(0).asText()).isEqualTo(first);
    assertThat(mlops("runs", "purge", "--deleted-for", "1d")).isZero();
    assertThat(out).contains("0 runs removed for good");
    assertThat(mlops("runs", "purge", "--deleted-for", "0s", "--json")).isZero();
    assertThat(json().get("runs").get(0).asText()).isEqualTo(ids.get(1));
    assertThat(json().get("artifacts").get("young").asInt()).isEqualTo(1);
    assertThat(mlops("runs", "show", ids.get(1))).isEqualTo(3);
    assertThat(mlops("runs", "show", first)).isZero();
    assertThat(mlops("artifacts", "gc", "--json")).isZero();
    assertThat(json().get("young").asInt()).isEqualTo(1);
    assertThat(json().get("deleted").asBoolean()).isFalse();
    assertThat(mlops("artifacts", "gc", "--delete", "--grace", "7d")).isZero();
    assertThat(out).contains("deleted 0 unreferenced artifacts", "4 are referred to");
  }

  @Test
  void nothingIsDeletedIfOneOfThemCannotBe() {
    try (Workspace opened = Workspace.open(workspace());
        Tracking tracking = Tracking.in(opened);
        Run running = tracking.start("flights", "running")) {
      assertThat(mlops("runs", "delete", ids.get(0), running.id())).isEqualTo(4);
      assertThat(err).contains("is RUNNING in ", "is not deleted").hasLineCount(1);
      assertThat(mlops("runs", "delete", ids.get(0), "nothing")).isEqualTo(3);
      assertThat(tracking.run(ids.get(0)).deletedAt()).isNull();
    }
  }

  @Test
  void familiesAreDeletedAllOrNoneAndRestoredInWhateverOrder() {
    try (Workspace opened = Workspace.open(workspace());
        Tracking tracking = Tracking.in(opened)) {
      String parent = ids.get(0);
      Run child = tracking.startChild(parent, "flights", "child");
      assertThat(mlops("runs", "delete", ids.get(1), parent)).isEqualTo(4);
      assertThat(err).contains("run " + child.id() + " is RUNNING");
      assertThat(tracking.run(ids.get(1)).deletedAt()).isNull();
      child.close();
      assertThat(mlops("runs", "delete", child.id())).as(err).isZero();
      assertThat(mlops("runs", "delete", ids.get(1), parent)).as(err).isZero();
      assertThat(mlops("runs", "restore", ids.get(1), child.id())).isEqualTo(4);
      assertThat(tracking.run(ids.get(1)).deletedAt()).isNotNull();
      assertThat(mlops("runs", "restore", child.id(), parent, ids.get(1))).as(err).isZero();
      assertThat(tracking.run(child.id()).deletedAt()).isNull();
      assertThat(tracking.run(parent).deletedAt()).isNull();
    }
  }

  @Test
  void timesAreReadOrRefused() {
    assertThat(mlops("runs", "purge")).isEqualTo(2);
    assertThat(mlops("runs", "purge", "--deleted-for", "PT1H")).isZero();
    assertThat(mlops("runs", "purge", "--deleted-for", "yesterday")).isEqualTo(2);
    assertThat(err).contains("a time is a number and d, h, m or s").hasLineCount(1);
    assertThat(mlops("artifacts", "gc", "--delete", "--grace", "1s")).isEqualTo(2);
    assertThat(err).contains("it must be PT1M at least").hasLineCount(1);
  }

  private List<String> names() {
    List<String> names = new ArrayList<>();
    json().get("runs").forEach(run -> names.add(run.get("name").asText()));
    return names;
  }
}
