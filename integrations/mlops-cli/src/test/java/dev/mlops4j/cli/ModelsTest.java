package dev.mlops4j.cli;

import static org.assertj.core.api.Assertions.assertThat;

import dev.mlops4j.Digest;
import dev.mlops4j.model.DatasetReference;
import dev.mlops4j.model.RunFacts;
import dev.mlops4j.model.StoredPackage;
import dev.mlops4j.registry.Capabilities;
import dev.mlops4j.registry.Follower;
import dev.mlops4j.registry.ModelVersion;
import dev.mlops4j.registry.Registry;
import dev.mlops4j.registry.Stage;
import dev.mlops4j.workspace.Workspace;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import java.util.stream.Stream;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

class ModelsTest extends CommandLineTest {

  @BeforeEach
  void register() {
    twoVersions();
  }

  @Test
  void aModelIsShownWithWhatServesNow() {
    assertThat(
            mlops(
                "models",
                "describe",
                "late",
                "--owner",
                "operations",
                "--description",
                "Is a flight late?",
                "--tag",
                "tier=1",
                "--tag",
                "area=air"))
        .isZero();
    assertThat(mlops("models", "describe", "late", "--without-tag", "area", "--json")).isZero();
    assertThat(json().get("tags").size()).isEqualTo(1);
    assertThat(mlops("models", "promote", "late", "2", "--to", "PRODUCTION", "-m", "x")).isZero();
    try (Workspace opened = Workspace.open(workspace())) {
      Registry registry = Registry.in(opened);
      ModelVersion first = registry.version("late", 1);
      registry.alias("late", "old").to(first).expecting(null).because("x").commit();
      try (Follower follower =
          registry.follow("check\u202eout", "late", Stage.PRODUCTION, Capabilities.ANY)) {
        follower.loaded(first);
        assertThat(mlops("models", "show", "late")).isZero();
        assertThat(out)
            .containsPattern("production +version 2")
            .containsPattern("owner +operations")
            .containsPattern("tag tier +1")
            .doesNotContain("area")
            .containsPattern("alias old +version 1")
            .containsPattern("check\\\\u202eout +1 +2 +stage PRODUCTION");
        assertThat(mlops("models", "show", "late", "--json")).isZero();
        assertThat(json().get("followers").get(0).get("loaded").asInt()).isEqualTo(1);
        assertThat(json().get("followers").get(0).get("name").asText()).isEqualTo("check\u202eout");
        assertThat(out).doesNotContain("\u202e");
        assertThat(json().get("versions")).hasSize(2);
        assertThat(mlops("models", "list", "--json")).isZero();
        assertThat(json().get(0).get("upToDate").asInt()).isZero();
        assertThat(mlops("models", "list")).isZero();
        assertThat(out).contains("0 of 1 up to date");
      }
    }
  }

  @Test
  void aVersionIsShownWithItsInputsAndFiles() {
    assertThat(mlops("models", "show", "late", "2")).isZero();
    assertThat(out)
        .containsPattern("input +hour +CATEGORICAL")
        .containsPattern("file +manifest.json +[0-9]+ bytes")
        .containsPattern("environment +java ");
    assertThat(mlops("models", "show", "late", "2", "--json")).isZero();
    assertThat(json().get("inputs").get(1).get("name").asText()).isEqualTo("hour");
    assertThat(json().get("bytes").asLong()).isPositive();
  }

  @Test
  void theDifferenceOfTwoVersionsIsATableMarkdownOrJson() {
    assertThat(mlops("models", "diff", "late", "1", "2")).isZero();
    assertThat(out).containsPattern("input +hour +numeric, place 2 +categorical of 2");
    assertThat(mlops("models", "diff", "late", "1", "2", "--markdown")).isZero();
    assertThat(out).contains("| input | hour | numeric, place 2 | categorical of 2");
    assertThat(mlops("models", "diff", "late", "1", "2", "--json", "--with-model", "late"))
        .isZero();
    assertThat(json()).isNotEmpty();
    assertThat(mlops("models", "diff", "late", "1", "1")).isZero();
    assertThat(out).contains("do not differ");
    Path page = workspace().resolveSibling("versions.html");
    assertThat(mlops("models", "diff", "late", "1", "2", "--html", page.toString())).isZero();
    assertThat(out).contains("compared in " + page);
    assertThat(page).content().startsWith("<!DOCTYPE html>").contains("hour", "categorical of 2");
    String nowhere = workspace().resolve("no/such/versions.html").toString();
    assertThat(mlops("models", "diff", "late", "1", "2", "--html", nowhere)).isEqualTo(1);
    assertThat(err).contains("cannot write").doesNotContain("\tat ");
  }

  @Test
  void tablesFitTheWidthAndSayWhatWasLeftOut() {
    for (int width : new int[] {20, 40, 60, 80, 120}) {
      for (String command : new String[] {"list", "versions late", "show late", "show late 1"}) {
        String[] words = ("models " + command + " --width " + width).split(" ");
        assertThat(mlops(words)).as(err).isZero();
        assertThat(out.lines().filter(line -> !line.startsWith("(left out")))
            .as(command)
            .allMatch(line -> line.length() <= width);
      }
    }
    assertThat(mlops("models", "versions", "late", "--width", "40")).isZero();
    assertThat(out).contains("(left out for want of width: ");
  }

  @Test
  void versionsGoToAnotherWorkspaceAsOneFile() throws IOException {
    Path archive = directory.resolve("late.zip");
    assertThat(mlops("models", "export", "late", "2", "1", "--to", archive.toString())).isZero();
    assertThat(out).contains("late version 2, late version 1 written to");
    Path other = directory.resolve("production");
    String[] importing = {"models", "import", archive.toString(), "--workspace", other.toString()};
    assertThat(bare(importing)).as(err).isZero();
    assertThat(out.lines()).containsExactly("late version 1 in NONE", "late version 2 in NONE");
    assertThat(bare("models", "show", "late", "1", "--workspace", other.toString())).isZero();
    assertThat(out).containsPattern("imported from +late version 2 of workspace ");
    assertThat(bare("models", "import", archive.toString(), "-n", "x", "-w", other.toString()))
        .isEqualTo(2);
    assertThat(mlops("models", "export", "late", "--to", archive.toString())).isEqualTo(4);
    assertThat(err).contains("there is something at ");
    byte[] bytes = Files.readAllBytes(archive);
    bytes[bytes.length / 2] ^= 1;
    Files.write(archive, bytes);
    Path third = directory.resolve("third");
    assertThat(bare("models", "import", archive.toString(), "-w", third.toString())).isEqualTo(5);
    assertThat(err.lines()).hasSize(1);
    assertThat(bare("models", "list", "-w", third.toString())).isZero();
    assertThat(out.strip()).isEqualTo("no models");
    assertThat(mlops("models", "import", MLFLOW.resolve("2.22-xgboost-ubj").toString()))
        .isEqualTo(2);
    assertThat(err).contains("needs --name MODEL");
  }

  @Test
  void aPromotionWithoutTheRequiredChecksIsRefusedAndTheHistorySaysWhatWasAsked() {
    String[] require = {"models", "require-gates", "late", "size", "golden rows", "-m", "policy"};
    assertThat(mlops(require)).as(err).isZero();
    assertThat(out.strip()).isEqualTo("late requires golden rows, size");
    assertThat(mlops("models", "show", "late")).isZero();
    assertThat(out).containsPattern("required gates +golden rows, size");
    assertThat(mlops("models", "show", "late", "--json")).isZero();
    assertThat(json().get("requiredGates").get(0).asText()).isEqualTo("golden rows");
    String[] promote = {"models", "promote", "late", "1", "--to", "PRODUCTION", "-m", "x"};
    assertThat(mlops(promote)).isEqualTo(4);
    assertThat(err).contains("golden rows: the model requires this gate", "; size: the model");
    String[] checked = Arrays.copyOf(promote, promote.length + 3);
    checked[8] = "--max-bytes";
    checked[9] = "1000000";
    checked[10] = "--override=by hand";
    assertThat(mlops(checked)).as(err).isZero();
    assertThat(mlops("models", "require-gates", "late", "-m", "no more", "--json")).isZero();
    assertThat(json().get("requiredGates")).isEmpty();
    promote[3] = "2";
    assertThat(mlops(promote)).as(err).isZero();
    assertThat(mlops("models", "history", "late", "--width", "400")).isZero();
    assertThat(out)
        .contains("required gates: golden rows, size", "required gates: none")
        .contains("x (gates: size) (overriding: golden rows: the model requires this gate")
        .containsPattern("x \\(gates: none\\)\\s");
    assertThat(mlops("models", "history", "late", "--json")).isZero();
    assertThat(json().get(0).get("change").asText()).isEqualTo("GATES");
    assertThat(json().get(1).get("gates").get(0).asText()).isEqualTo("size");
    assertThat(json().get(3).get("gates").isNull()).isTrue();
    assertThat(json().get(4).get("gates")).isEmpty();
  }

  @Test
  void aRollbackThatExpectsAnotherVersionIsRefused() {
    for (String version : List.of("1", "2")) {
      assertThat(mlops("models", "promote", "late", version, "--to", "PRODUCTION", "-m", "x"))
          .as(err)
          .isZero();
    }
    String[] rollback = {"models", "rollback", "late", "-m", "slow", "--expecting", "2"};
    assertThat(mlops(rollback)).as(err).isZero();
    assertThat(out.strip()).isEqualTo("late version 1 is in PRODUCTION");
    assertThat(mlops(rollback)).isEqualTo(4);
    assertThat(err).contains("expected version 2 in PRODUCTION, found version 1");
    rollback[6] = "0";
    assertThat(mlops(rollback)).isEqualTo(4);
    assertThat(err).contains("expected no version in PRODUCTION, found version 1");
  }

  @Test
  void anArchiveLargerThanTheLimitIsTakenWithAHigherOne() {
    String archive = directory.resolve("late.zip").toString();
    assertThat(mlops("models", "export", "late", "--to", archive)).as(err).isZero();
    String other = directory.resolve("production").toString();
    String[] importing = {"models", "import", archive, "-w", other, "--max-bytes", "100"};
    assertThat(bare(importing)).isEqualTo(5);
    assertThat(err).contains("unpacks to more than 100 bytes", "--max-bytes");
    importing[6] = "1000000";
    assertThat(bare(importing)).as(err).isZero();
    assertThat(importing("--max-bytes", "100")).isEqualTo(2);
    assertThat(err).contains("--max-bytes is for archives");
  }

  @Test
  void aMetricIsComparedWithTheChampionsOnTheSameData() {
    try (Workspace opened = Workspace.open(workspace())) {
      Registry registry = Registry.in(opened);
      registered(registry, 1, 0.75);
      registered(registry, 2, 0.7);
    }
    String[] first = {"models", "promote", "rated", "1", "--to", "PRODUCTION", "-m", "x"};
    assertThat(mlops(first)).as(err).isZero();
    String[] second = {
      "models", "promote", "rated", "2", "--to", "PRODUCTION", "-m", "x", "--not-below", "auc"
    };
    assertThat(mlops(second)).isEqualTo(4);
    assertThat(err).contains("auc: asked for 0.75 of rated version 1 (higher is better)");
    second[8] = "--not-above";
    assertThat(mlops(second)).as(err).isZero();
    assertThat(mlops("models", "diff", "rated", "1", "2")).isZero();
    assertThat(out).containsPattern("metric +auc +0.75 +0.7 +-0.0500000");
  }

  /** The package of a version again, from a run that measured an AUC on test data. */
  private static void registered(Registry registry, int number, double auc) {
    ModelVersion version = registry.version("late", number);
    RunFacts facts =
        new RunFacts(
            Map.of(),
            Map.of("auc", auc),
            List.of(new DatasetReference("flights", "test", Digest.of("t"), 10)));
    registry.register(
        "rated",
        new StoredPackage(version.packageDigest(), registry.details(version).manifest(), facts));
  }

  @Test
  void aVersionIsDeletedAndItsHistoryStays() {
    assertThat(mlops("models", "delete", "late", "2", "-m", "wrong data")).isZero();
    assertThat(out.strip()).isEqualTo("late version 2 is deleted");
    assertThat(mlops("models", "history", "late", "--json")).isZero();
    assertThat(json().get(0).get("change").asText()).isEqualTo("DELETION");
    assertThat(mlops("models", "show", "late", "2")).isEqualTo(3);
  }

  @Test
  void artifactsAreTakenOutAndVerified() throws IOException {
    Digest tree;
    try (Workspace opened = Workspace.open(workspace())) {
      tree = Registry.in(opened).version("late", 1).packageDigest();
    }
    Path target = directory.resolve("package");
    assertThat(mlops("artifacts", "get", tree.hex(), "--package", "--to", target.toString()))
        .as(err)
        .isZero();
    assertThat(target.resolve("manifest.json")).exists();
    assertThat(mlops("artifacts", "get", tree.hex(), "--to", target.toString())).isEqualTo(4);
    Path file = directory.resolve("tree.json");
    assertThat(mlops("artifacts", "get", tree.hex(), "--to", file.toString(), "--json")).isZero();
    assertThat(Digest.of(Files.readAllBytes(file))).isEqualTo(tree);
    assertThat(mlops("artifacts", "verify", tree.hex())).isZero();
    assertThat(mlops("artifacts", "verify")).isZero();
    assertThat(out.strip()).isEqualTo("2 artifacts verified, 0 problems found");
    assertThat(mlops("workspace", "check")).isZero();
    alter(Files.readAllBytes(target.resolve("golden.json")));
    assertThat(mlops("artifacts", "verify")).isEqualTo(5);
    assertThat(out).contains("late version 1: artifact", "is damaged");
    assertThat(mlops("workspace", "check", "--json")).isEqualTo(5);
    assertThat(json().get("problems")).isNotEmpty();
    assertThat(mlops("artifacts", "get", Digest.of("none").hex(), "--to", "x")).isEqualTo(3);
  }

  /** Changes a byte of what is stored with this content. */
  private void alter(byte[] content) throws IOException {
    String digest = Digest.of(content).hex();
    try (Stream<Path> files = Files.walk(workspace().resolve("artifacts"))) {
      Path stored =
          files
              .filter(file -> Files.isRegularFile(file))
              .filter(file -> file.toString().endsWith(digest.substring(digest.length() - 20)))
              .findFirst()
              .orElseThrow();
      Files.delete(stored);
      Files.writeString(
          stored, new String(content, StandardCharsets.UTF_8) + " ", StandardCharsets.UTF_8);
    }
  }
}
