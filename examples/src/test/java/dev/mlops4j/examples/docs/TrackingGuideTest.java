package dev.mlops4j.examples.docs;

import static dev.mlops4j.tracking.SearchField.metric;
import static dev.mlops4j.tracking.SearchField.param;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.mlops4j.data.Csv;
import dev.mlops4j.data.Dataset;
import dev.mlops4j.feature.TrainingSet;
import dev.mlops4j.model.DatasetReference;
import dev.mlops4j.model.StoredPackage;
import dev.mlops4j.tracking.ImportedRun;
import dev.mlops4j.tracking.MetricPoint;
import dev.mlops4j.tracking.Recipe;
import dev.mlops4j.tracking.Run;
import dev.mlops4j.tracking.RunPage;
import dev.mlops4j.tracking.RunRecord;
import dev.mlops4j.tracking.RunStatus;
import dev.mlops4j.tracking.Tracking;
import dev.mlops4j.tracking.TrackingOptions;
import dev.mlops4j.tribuo.TribuoLogisticRegression;
import dev.mlops4j.tribuo.TribuoModel;
import dev.mlops4j.workspace.Workspace;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.HexFormat;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Runs the code of docs/tracking.md. */
@SuppressWarnings("unused") // what is shown names its results
final class TrackingGuideTest {

  @TempDir Path directory;

  @Test
  void runsAreLoggedFoundAndCompared() {
    TrainingSet training = Coffees.training();
    try (Workspace workspace = Workspace.open(directory.resolve("workspace"))) {
      Tracking tracking = Tracking.in(workspace);

      // region run
      StoredPackage stored =
          tracking.call(
              "coffee",
              "five epochs",
              run -> {
                run.param("author", "ann"); // write-once
                run.log(training); // digest, rows, columns and source of the data
                run.artifact("notes.txt", "too few epochs?");
                try (TribuoModel model =
                    TribuoLogisticRegression.classifier().epochs(5).train(training, run)) {
                  run.log(training.evaluate(model)); // auc, log_loss, accuracy and others
                  run.log(training.evaluate(model), "train"); // the same as train_auc and so on
                  return run.log(model.packaged(training)); // what a registry takes
                }
              });
      // endregion

      assertThat(stored.facts().datasets().get(0).schema()).isNotNull();

      // region lambda
      RunRecord fifty =
          tracking.run(
              "coffee",
              "fifty epochs",
              run -> {
                run.param("author", "ben");
                TribuoLogisticRegression.classifier().epochs(50).train(training, run).close();
              });
      // endregion
      assertThat(fifty.status()).isEqualTo(RunStatus.FINISHED);

      // region find
      List<RunRecord> finished = tracking.runs("coffee", RunStatus.FINISHED); // newest first
      RunRecord five = finished.get(1);
      double auc = five.metric("auc"); // the latest point
      List<MetricPoint> loss = tracking.series(five.id(), "train-logloss"); // a point an epoch
      byte[] notes = tracking.artifact(five.id(), "notes.txt"); // verified
      String sideBySide = tracking.compare(five, fifty).differences().toText();
      // endregion

      // region search
      RunPage page =
          tracking
              .search("coffee")
              .where(metric("auc").greaterThan(0.5).and(param("author").is("ann")))
              .orderBy(metric("auc").descending())
              .limit(50)
              .page();
      RunPage same =
          tracking
              .search("coffee")
              .where("metrics.auc > 0.5 and params.author = 'ann'")
              .orderBy("metrics.auc desc")
              .limit(50)
              .page();
      Optional<RunRecord> best =
          tracking.searchAll().where("status = 'FINISHED'").orderBy("metrics.auc desc").first();
      // endregion

      Path file = directory.resolve("runs.zip");
      try (Workspace elsewhere = Workspace.open(directory.resolve("elsewhere"))) {
        // region move
        tracking.exportTo(file, List.of(five, fifty));
        List<ImportedRun> imported = Tracking.in(elsewhere).importFrom(file);
        // endregion
        assertThat(imported).extracting(ImportedRun::run).containsExactly(five, fifty);
      }
      assertThat(tracking.artifact(five.id(), "importance/weight.json")).isNotEmpty();

      assertThat(page.runs()).extracting(RunRecord::id).containsExactly(five.id());
      assertThat(same).isEqualTo(page);
      assertThat(best).map(RunRecord::id).contains(five.id());
      assertThat(auc).isBetween(0.5, 1.0);
      assertThat(loss).hasSize(5);
      assertThat(notes).asString().startsWith("too few");
      assertThat(sideBySide).contains("author").contains("ann").contains("ben");
    }
  }

  @Test
  void aRunKnowsWhatItsDataWas() {
    TrainingSet training = Coffees.training();
    try (Workspace workspace = Workspace.open(directory.resolve("workspace"))) {
      Tracking tracking = Tracking.in(workspace);
      Path file = directory.resolve("late.csv");
      Csv.write(training.dataset(), file);
      Run run = tracking.start("tea", "data");
      // region data
      Dataset late = Csv.read(file); // knows its columns, and that it is of this file
      run.log(DatasetReference.of("late coffees", "test", late));
      run.log(training.withSource("SQL SELECT * FROM coffees"), "training"); // of records: say so
      // endregion
      run.close();
      assertThat(tracking.run(run.id()).datasets())
          .extracting(DatasetReference::source)
          .containsExactly("CSV " + file.toAbsolutePath(), "SQL SELECT * FROM coffees");
    }
  }

  @Test
  void optionsAreStated() {
    try (Workspace workspace = Workspace.open(directory.resolve("workspace"))) {
      // region options
      TrackingOptions options =
          TrackingOptions.builder()
              .killOnShutdown() // SIGTERM, Ctrl-C, System.exit: flushed and KILLED
              .maskNames("iban") // --customer-iban=***
              .variables("OMP_NUM_THREADS") // recorded with each run
              .build();
      Tracking tracking = Tracking.in(workspace, options);
      // endregion
      assertThat(tracking.experiments()).isEmpty();
    }
  }

  @Test
  void runsHaveParts() {
    TrainingSet training = Coffees.training();
    try (Workspace workspace = Workspace.open(directory.resolve("workspace"))) {
      Tracking tracking = Tracking.in(workspace);
      // region family
      RunRecord night =
          tracking.run(
              "pipeline",
              "night of 3 March",
              run -> {
                run.notes("# Why\n\nThe beans of February were late.");
                run.child("load", step -> step.log(training));
                run.child("train", step -> step.metric("auc", 0.7)); // FAILED if it throws
              });
      List<RunRecord> steps = tracking.children(night.id()); // in the order of their start
      RunPage top = tracking.searchAll().where("parent_run_id IS NULL").page();
      // endregion
      assertThat(top.runs()).extracting(RunRecord::name).containsExactly("night of 3 March");
      assertThat(tracking.children(top.runs().get(0).id()))
          .extracting(RunRecord::name)
          .containsExactly("load", "train");
    }
  }

  @Test
  void runsAreMadeAgain() {
    try (Workspace workspace = Workspace.open(directory.resolve("workspace"))) {
      Tracking tracking = Tracking.in(workspace);
      Run run = tracking.start("coffee");
      // region recipe
      run.seed("split", 42); // the seed of whatever is random beside the trainer
      Recipe recipe = tracking.recipe(run.id());
      recipe.code().commit(); // and branch, dirty, the command
      recipe.datasets(); // by digest
      recipe.params(); // and seeds, environment
      recipe.models(); // the digests that must come out
      recipe.missing(); // "The code had changes that are not in commit 4f2a…."
      String text = recipe.toText(); // or toJson()
      // endregion
      assertThat(recipe.seeds()).containsEntry("split", 42L);
      assertThat(recipe.missing()).contains("No dataset was logged.");
      assertThat(text).contains("No dataset was logged.");
    }
  }

  @Test
  void runsMakeArtifacts() throws IOException {
    byte[] png = HexFormat.of().parseHex("89504e470d0a1a0a0000000d49484452");
    Path report = Files.createDirectories(directory.resolve("report"));
    Files.writeString(report.resolve("index.html"), "<p>");
    try (Workspace workspace = Workspace.open(directory.resolve("workspace"))) {
      Tracking tracking = Tracking.in(workspace);
      Run run = tracking.start("coffee");
      // region artifacts
      run.json("params.json", Map.of("depth", 6)); // maps, lists, records, times
      run.image("plots/roc.png", png); // PNG, JPEG or SVG, as the name says
      run.directory("report", report); // every file below it, all or none
      tracking.artifacts(run.id(), "report"); // what there is
      tracking.artifact(run.id(), "plots/roc.png", directory.resolve("roc.png")); // to a file
      tracking.directory(run.id(), "report", directory.resolve("copy")); // to a directory
      // endregion
      assertThat(directory.resolve("roc.png")).hasBinaryContent(png);
      assertThat(directory.resolve("copy/index.html")).hasContent("<p>");
    }
  }

  @Test
  void aRunThatThrowsIsFailed() {
    try (Workspace workspace = Workspace.open(directory.resolve("workspace"))) {
      Tracking tracking = Tracking.in(workspace);
      assertThatThrownBy(
              () ->
                  tracking.run(
                      "coffee",
                      run -> {
                        throw new IllegalStateException("no beans");
                      }))
          .isInstanceOf(IllegalStateException.class);
      RunRecord failed = tracking.runs("coffee", RunStatus.FAILED).get(0);
      assertThat(failed.failure()).contains("no beans");
    }
  }
}
