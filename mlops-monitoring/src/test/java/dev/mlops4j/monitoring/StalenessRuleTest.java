package dev.mlops4j.monitoring;

import static dev.mlops4j.data.ColumnType.FLOAT64;
import static dev.mlops4j.data.ColumnType.STRING;
import static org.assertj.core.api.Assertions.assertThat;

import dev.mlops4j.data.ColumnType;
import dev.mlops4j.data.Dataset;
import dev.mlops4j.data.DatasetBuilder;
import dev.mlops4j.data.Field;
import dev.mlops4j.data.Schema;
import dev.mlops4j.feature.FeatureSet;
import dev.mlops4j.feature.FeatureStore;
import dev.mlops4j.feature.FeatureView;
import dev.mlops4j.feature.Target;
import dev.mlops4j.feature.Vectorizer;
import dev.mlops4j.model.Prediction;
import dev.mlops4j.model.ServedLookup;
import dev.mlops4j.model.Signature;
import dev.mlops4j.model.TrainingData;
import dev.mlops4j.monitoring.TestData.Clock;
import dev.mlops4j.profile.ProfileSeries;
import dev.mlops4j.workspace.Area;
import dev.mlops4j.workspace.Workspace;
import java.nio.file.Path;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Random;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** A rule on stale lookups, from the feature store through the feature log to the alert. */
class StalenessRuleTest {

  record Parcel(Instant asked, String depot, double size) {}

  private static final int ROWS = 100;
  private static final FeatureView WEATHER =
      FeatureView.named("weather")
          .key("depot", STRING)
          .eventTime("at")
          .feature("wind", FLOAT64)
          .ttl(Duration.ofHours(3))
          .build();
  private static final FeatureSet<Parcel> FEATURES =
      FeatureSet.named("parcels", Parcel.class)
          .at(Parcel::asked)
          .numeric("size", Parcel::size)
          .lookup(WEATHER, Parcel::depot)
          .build();
  private static final Signature SIGNATURE =
      new Signature(FEATURES.inputs(), Signature.Output.binary("late"));
  private static final Target<Parcel, Boolean> LATE = Target.binary("late", parcel -> null);

  @TempDir Path directory;

  private final Clock clock = new Clock();
  private final Random random = new Random(3);
  private final Vectorizer<Parcel> vectorizer = FEATURES.bind(SIGNATURE);
  private final List<String> heard = new ArrayList<>();
  private Workspace workspace;
  private FeatureStore store;

  @BeforeEach
  void open() {
    workspace = Workspace.at(directory.resolve("workspace")).clock(clock).open();
    store = FeatureStore.in(workspace);
  }

  @AfterEach
  void close() {
    workspace.close();
  }

  /** What drifts because the wind is not known is not asked about here. */
  private final class Heard implements AlertSink {

    @Override
    public void alert(Alert alert) {
      hear("new", alert);
    }

    @Override
    public void resolved(Alert alert) {
      hear("over", alert);
    }

    private void hear(String what, Alert alert) {
      if (alert.kind() == AlertKind.STALENESS) {
        heard.add(what + " " + alert.column() + " " + alert.firstEnd());
      }
    }
  }

  private Monitor<Parcel, Boolean> monitor() {
    JdbcMonitoringSchema.Model stored =
        new JdbcMonitoringSchema.Model(
            JdbcMonitoringSchema.over(workspace.database(Area.LEDGER)), TestData.MODEL);
    return Monitor.of(TestData.MODEL, LATE)
        .in(workspace)
        .window(Watched.DAY)
        .spans(1)
        .featureLog(FEATURES, 1)
        .rule(AlertRule.staleness("weather").above(0.5))
        .alertTo(new Heard())
        .build(
            workspace,
            new JdbcLedger(stored),
            stored,
            TestData.references(Reference.of(training(), SIGNATURE)));
  }

  private ProfileSeries training() {
    DatasetBuilder rows =
        Dataset.builder(
            Schema.of(
                List.of(
                    new Field("size", FLOAT64, false, false),
                    new Field("weather.wind", FLOAT64, false, false),
                    new Field("late", ColumnType.BOOLEAN, false, false),
                    new Field(TrainingData.PREDICTION_COLUMN, FLOAT64, false, false))));
    for (int i = 0; i < ROWS; i++) {
      rows.add(random.nextGaussian(), random.nextGaussian(), i % 4 == 0, 0.25);
    }
    return ProfileSeries.of(rows.build());
  }

  /** The wind is measured at midnight, and of so many requests of the day too long ago. */
  private void serve(Monitor<Parcel, Boolean> monitor, int day, int stale) {
    Instant midnight = Watched.day(day);
    clock.set(midnight);
    store.push(WEATHER, Map.of("depot", "d", "at", midnight, "wind", random.nextGaussian()));
    for (int i = 0; i < ROWS; i++) {
      clock.set(midnight.plus(Duration.ofHours(i < ROWS - stale ? 2 : 4)).plusSeconds(i));
      answer(monitor, "d" + day + "n" + i, new Parcel(clock.instant(), "d", random.nextGaussian()));
    }
    clock.set(Watched.day(day + 1));
    monitor.evaluate();
  }

  /** As a predictor does. */
  private void answer(Monitor<Parcel, Boolean> monitor, String id, Parcel parcel) {
    List<List<ServedLookup>> found = new ArrayList<>();
    double[] vector =
        vectorizer.vector(parcel, parcel.asked(), store, (name, value) -> {}, found::add);
    assertThat(monitor.wantsLookups(id)).isTrue();
    monitor.predicted(
        parcel,
        new Prediction(
            id, TestData.MODEL, 1, parcel.asked(), SIGNATURE, vector, new double[] {0.25}),
        found.get(0));
  }

  @Test
  void lookupsThatAreStaleMoreOftenThanTheBoundAlertUntilTheyAreFreshAgain() {
    try (Monitor<Parcel, Boolean> monitor = monitor()) {
      serve(monitor, 0, 0);
      serve(monitor, 1, 40);
      assertThat(heard).as("less than the bound").isEmpty();
      serve(monitor, 2, 60);
      assertThat(heard).containsExactly("new stale_share weather " + Watched.day(3));
      serve(monitor, 3, 100);
      assertThat(heard).as("it goes on").hasSize(1);
      serve(monitor, 4, 0);
      assertThat(heard).hasSize(2).last().isEqualTo("over stale_share weather " + Watched.day(3));
      Alert alert =
          monitor.alerts().stream()
              .filter(one -> one.kind() == AlertKind.STALENESS)
              .findFirst()
              .orElseThrow();
      assertThat(alert.resolvedAt()).contains(Watched.day(5));
      assertThat(alert.verdict().words())
          .as("in the last window that was")
          .isEqualTo("stale_share weather is 1 (95 %: 0.963 to 1), above 0.5");
    }
  }
}
