package dev.mlops4j.registry;

import static dev.mlops4j.registry.Fixture.MODEL;
import static org.assertj.core.api.Assertions.assertThat;

import dev.mlops4j.Digest;
import dev.mlops4j.data.ColumnType;
import dev.mlops4j.data.Schema;
import dev.mlops4j.model.DatasetReference;
import dev.mlops4j.model.RunFacts;
import dev.mlops4j.registry.VersionComparison.Row;
import dev.mlops4j.registry.VersionComparison.Section;
import java.nio.file.Path;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class VersionComparisonTest {

  private static final DatasetReference TEST =
      new DatasetReference("flights", "test", Digest.of("t"), 40);

  @TempDir Path directory;
  private Fixture fixture;
  private Registry registry;

  @BeforeEach
  void open() {
    fixture = new Fixture(directory);
    registry = fixture.registry;
  }

  @AfterEach
  void close() {
    fixture.close();
  }

  @Test
  void whatIsKnownOfAVersionComesFromItsPackageAndItsRegistration() {
    RunFacts facts =
        new RunFacts(
            Map.of("depth", "6"),
            Map.of("auc", 0.75, "nan", Double.NaN, "inf", Double.NEGATIVE_INFINITY),
            List.of(TEST, Trained.YEAR));
    VersionDetails details = registry.details(version(1, facts, "wind"));
    assertThat(details.facts()).isEqualTo(facts);
    assertThat(details.manifest().signature().names()).containsExactly("wind");
    assertThat(details.datasets()).containsExactly(Trained.YEAR, TEST);
    assertThat(details.files()).containsKeys("manifest.json", "value.txt");
    assertThat(details.files()).containsEntry("value.txt", 3L);
    assertThat(details.bytes())
        .isEqualTo(
            registry.load(details.version()).files().values().stream()
                .mapToLong(file -> file.length)
                .sum());
    assertThat(details.importedFrom()).isNull();
  }

  @Test
  void whatARunSaysOfADatasetIsAddedToWhatThePackageSays() {
    VersionDetails details =
        registry.details(
            version(1, new RunFacts(Map.of(), Map.of(), List.of(Trained.YEAR_LOGGED)), "wind"));
    assertThat(details.manifest().datasets()).containsExactly(Trained.YEAR);
    assertThat(details.datasets()).containsExactly(Trained.YEAR_LOGGED);
  }

  @Test
  void anotherSchemaOrSourceOfTheDataIsADifference() {
    DatasetReference later =
        new DatasetReference(
            "flights",
            "training",
            Digest.of("year"),
            300,
            Schema.builder()
                .optional("wind", ColumnType.INT64)
                .optional("passenger", ColumnType.STRING)
                .sensitive("passenger")
                .optional("rain", ColumnType.FLOAT64)
                .build(),
            "SQL SELECT * FROM year");
    VersionComparison compared =
        registry.explain(
            version(1, new RunFacts(Map.of(), Map.of(), List.of(Trained.YEAR_LOGGED)), "wind"),
            version(2, new RunFacts(Map.of(), Map.of(), List.of(later)), "wind"));
    String year = "training: flights";
    assertThat(compared.differences())
        .filteredOn(row -> row.section() == VersionComparison.Section.DATASET)
        .containsExactly(
            new VersionComparison.Row(
                VersionComparison.Section.DATASET, year + ", column rain", null, "FLOAT64"),
            new VersionComparison.Row(
                VersionComparison.Section.DATASET,
                year + ", column wind",
                "FLOAT64 required",
                "INT64"),
            new VersionComparison.Row(
                VersionComparison.Section.DATASET,
                year + ", source",
                "CSV /data/year.csv",
                "SQL SELECT * FROM year"));
  }

  @Test
  void theDifferencesAreThoseOfParamsMetricsDataFeaturesAndTheVersionItself() {
    VersionComparison compared =
        registry.explain(
            version(
                1,
                new RunFacts(
                    Map.of("depth", "6", "rate", "0.1"), Map.of("auc", 0.75), List.of(TEST)),
                "wind",
                "hour"),
            version(
                2,
                new RunFacts(
                    Map.of("depth", "8", "rate", "0.1"),
                    Map.of("auc", 0.8125, "loss", 0.5),
                    List.of()),
                "wind",
                "rain"));
    assertThat(compared.differences())
        .contains(
            new Row(Section.PARAM, "depth", "6", "8"),
            new Row(Section.METRIC, "auc", "0.75", "0.8125"),
            new Row(Section.METRIC, "loss", null, "0.5"),
            new Row(Section.DATASET, "test: flights", "40 rows, " + TEST.digest().shortHex(), null),
            new Row(Section.INPUT, "hour", "numeric, place 2", null),
            new Row(Section.INPUT, "rain", null, "numeric, place 2"))
        .extracting(Row::key)
        .contains("features", "package", "run")
        .doesNotContain("rate", "format", "wind", "java", "training: flights");
    assertThat(compared.rows()).contains(new Row(Section.PARAM, "rate", "0.1", "0.1"));
    assertThat(compared.toText())
        .contains("flight-delay version 1  flight-delay version 2")
        .containsPattern("metric +auc +0.75 +0.8125 +\\+0.0625000");
    assertThat(compared.toText(70).lines()).allMatch(line -> line.length() <= 70);
  }

  @Test
  void aVersionDoesNotDifferFromItself() {
    ModelVersion version = version(1, RunFacts.NONE, "wind");
    assertThat(registry.explain(version, version).toText())
        .isEqualTo("flight-delay version 1 and flight-delay version 1 do not differ");
  }

  @Test
  void ofManyDifferencesAScreenIsShownAndTheOthersAreCounted() {
    Map<String, String> many = new HashMap<>();
    for (int i = 0; i < 100; i++) {
      many.put("param" + i, "x");
    }
    VersionComparison compared =
        registry.explain(
            version(1, RunFacts.NONE, "wind"),
            version(2, new RunFacts(many, Map.of(), List.of()), "wind"));
    assertThat(compared.differences()).hasSizeGreaterThan(100);
    assertThat(compared.toText().lines().count()).isLessThan(30);
    assertThat(compared.toText()).contains("... and 88 more");
    assertThat(compared.toMarkdown().lines().count()).isLessThan(30);
  }

  @Test
  void valuesNeitherMoveACursorNorEndACellOfATable() {
    String hostile = "a|b\u001b[2J\n<script>`x`\u202e[l](u)*_\\";
    String text =
        registry
            .explain(
                version(1, RunFacts.NONE, "wind"),
                version(2, new RunFacts(Map.of("k", hostile), Map.of(), List.of()), "wind"))
            .toText();
    assertThat(text).doesNotContain("\u001b", "\u202e").contains("a|b\\u001b[2J\\u000a");
    String markdown =
        registry.explain(registry.version(MODEL, 1), registry.version(MODEL, 2)).toMarkdown();
    assertThat(markdown)
        .contains("a\\|b\\\\u001b\\[2J\\\\u000a&lt;script&gt;\\`x\\`\\\\u202e\\[l\\](u)\\*\\_\\\\");
    assertThat(markdown.lines())
        .allSatisfy(
            line -> assertThat(line.replace("\\|", "").chars().filter(c -> c == '|')).hasSize(6));
  }

  @Test
  void aPageHasWhatChangedAndHidesTheRest() {
    String hostile = "<script>alert(1)</script>";
    String html =
        registry
            .explain(
                version(1, new RunFacts(Map.of("k", "old"), Map.of(), List.of()), "wind"),
                version(2, new RunFacts(Map.of("k", hostile), Map.of(), List.of()), "wind"))
            .toHtml();
    assertThat(html)
        .contains(
            "<td class=\"whole\"><div>old</div></td>", "&lt;script&gt;alert(1)&lt;/script&gt;")
        .contains("<tr class=\"same\">")
        .doesNotContain("<script");
  }

  private ModelVersion version(double value, RunFacts facts, String... inputs) {
    return registry.register(
        MODEL,
        Trained.on(inputs).stored(fixture.workspace.artifacts(), value, "run-" + value, facts));
  }
}
