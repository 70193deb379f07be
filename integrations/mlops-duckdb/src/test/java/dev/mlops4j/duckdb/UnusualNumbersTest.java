package dev.mlops4j.duckdb;

import static dev.mlops4j.data.ColumnType.FLOAT64;
import static dev.mlops4j.data.ColumnType.STRING;
import static dev.mlops4j.data.ColumnType.TIMESTAMP;
import static dev.mlops4j.feature.Aggregation.count;
import static dev.mlops4j.feature.Aggregation.distinctCount;
import static dev.mlops4j.feature.Aggregation.last;
import static dev.mlops4j.feature.Aggregation.max;
import static dev.mlops4j.feature.Aggregation.min;
import static dev.mlops4j.feature.Aggregation.sum;
import static dev.mlops4j.feature.Condition.notEqual;
import static org.assertj.core.api.Assertions.assertThat;

import dev.mlops4j.data.Dataset;
import dev.mlops4j.data.DatasetBuilder;
import dev.mlops4j.data.JdbcSource;
import dev.mlops4j.data.RowSource;
import dev.mlops4j.data.Schema;
import dev.mlops4j.feature.FeatureSet;
import dev.mlops4j.feature.FeatureStore;
import dev.mlops4j.feature.FeatureView;
import dev.mlops4j.feature.Target;
import dev.mlops4j.workspace.Workspace;
import java.nio.file.Path;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Numbers that SQLite does not keep, on the way from SQL to features. */
class UnusualNumbersTest {

  private static final Instant START = Instant.parse("2024-01-01T00:00:00Z");
  private static final Duration HOUR = Duration.ofHours(1);
  private static final List<Double> NUMBERS =
      List.of(
          -0.0,
          0.0,
          Double.NaN,
          Double.NEGATIVE_INFINITY,
          Double.POSITIVE_INFINITY,
          Double.MIN_VALUE,
          -Double.MAX_VALUE);
  private static final Schema SCHEMA =
      Schema.builder()
          .required("key", STRING)
          .required("time", TIMESTAMP)
          .required("number", FLOAT64)
          .build();
  private static final FeatureView VIEW =
      FeatureView.named("numbers")
          .key("key", STRING)
          .eventTime("time")
          .feature("number", FLOAT64)
          .feature("last", last("number").over(HOUR))
          .feature("sum", sum("number").over(Duration.ofMinutes(2)))
          .feature("min", min("number").over(Duration.ofMinutes(2)))
          .feature("max", max("number").over(Duration.ofMinutes(3)))
          .feature("distinct", distinctCount("number").over(HOUR))
          .feature("not_zero", count().where(notEqual("number", 0)).over(HOUR))
          .build();

  @TempDir private Path directory;

  private record Question(Instant at) {}

  @Test
  void nanNegativeZeroAndInfinitiesAreTheSameFromSqlAsFromRecords() {
    DatasetBuilder rows = Dataset.builder(SCHEMA);
    StringBuilder values = new StringBuilder();
    List<Question> questions = new ArrayList<>();
    for (int i = 0; i < NUMBERS.size(); i++) {
      Instant time = START.plus(Duration.ofMinutes(i));
      rows.add("k", time, NUMBERS.get(i));
      values
          .append(i == 0 ? "" : ", ")
          .append("('k', TIMESTAMPTZ '" + time + "', '" + NUMBERS.get(i) + "'::DOUBLE)");
      questions.add(new Question(time));
    }
    FeatureSet<Question> set =
        FeatureSet.named("set", Question.class)
            .at(Question::at)
            .lookup(VIEW.as("v"), question -> "k")
            .build();
    Target<Question, Boolean> target = Target.binary("label", question -> true);
    try (DuckDbDataSource duckDb = DuckDb.dataSource();
        Workspace workspace = Workspace.open(directory)) {
      RowSource source =
          JdbcSource.of(
                  duckDb,
                  "SELECT * FROM (VALUES "
                      + values
                      + ") t (key, time, number) WHERE time >= :from AND time < :to")
              .schema(SCHEMA)
              .build();
      FeatureStore ingested = FeatureStore.in(workspace);
      ingested.ingest(VIEW, rows.build());
      FeatureStore read = FeatureStore.builder(workspace).inPlace(VIEW, source).open();

      Dataset expected = ingested.trainingSet(set, questions, target).dataset();
      Dataset found = read.trainingSet(set, questions, target).dataset();

      for (String name : expected.schema().names()) {
        assertThat(found.rows().map(row -> row.value(name)).toList())
            .as(name)
            .isEqualTo(expected.rows().map(row -> row.value(name)).toList());
      }
      // A vector has no number for NaN and null alike; what was counted tells the two apart.
      assertThat(found.rows().map(row -> row.value("v.number")).toList())
          .isEqualTo(NUMBERS.stream().map(number -> number.isNaN() ? null : number).toList());
      assertThat(found.rows().map(row -> row.value("v.distinct")).toList())
          .isEqualTo(List.of(1.0, 1.0, 2.0, 3.0, 4.0, 5.0, 6.0));
      assertThat(found.rows().map(row -> row.value("v.not_zero")).toList())
          .isEqualTo(List.of(0.0, 0.0, 1.0, 2.0, 3.0, 4.0, 5.0));
    }
  }
}
