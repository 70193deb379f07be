package dev.mlops4j.micrometer;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.mlops4j.feature.FeatureSet;
import dev.mlops4j.feature.Target;
import dev.mlops4j.feature.TrainingSet;
import dev.mlops4j.model.ModelPackage;
import dev.mlops4j.model.PortableModel;
import dev.mlops4j.model.Prediction;
import dev.mlops4j.model.Signature;
import dev.mlops4j.monitoring.Monitor;
import dev.mlops4j.monitoring.MonitorReport;
import dev.mlops4j.registry.Registry;
import dev.mlops4j.tracking.Run;
import dev.mlops4j.tracking.Tracking;
import dev.mlops4j.workspace.Workspace;
import io.micrometer.core.instrument.Gauge;
import io.micrometer.core.instrument.Meter;
import io.micrometer.core.instrument.Tags;
import io.micrometer.core.instrument.simple.SimpleMeterRegistry;
import java.lang.ref.WeakReference;
import java.nio.file.Path;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Random;
import java.util.SortedMap;
import java.util.TreeMap;
import java.util.concurrent.atomic.AtomicReference;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class MonitorMetersTest {

  private record Parcel(Instant at, double weight, double size, boolean late) {}

  /** Always the same. */
  private record Constant(Signature signature) implements PortableModel {

    @Override
    public void predict(double[] vector, double[] output) {
      output[0] = 0.25;
    }

    @Override
    public String format() {
      return "constant";
    }

    @Override
    public SortedMap<String, byte[]> files() {
      return new TreeMap<>(Map.of("model.txt", new byte[] {1}));
    }
  }

  private static final FeatureSet<Parcel> FEATURES =
      FeatureSet.named("parcels", Parcel.class)
          .at(Parcel::at)
          .numeric("weight", Parcel::weight)
          .numeric("size", Parcel::size)
          .build();

  private static final Target<Parcel, Boolean> LATE = Target.binary("late", Parcel::late);

  /** A Monday. */
  private static final Instant START = Instant.parse("2024-01-01T00:00:00Z");

  private static final Duration WEEK = Duration.ofDays(7);
  private static final int WEEKS = 20;

  @TempDir Path directory;

  private final SimpleMeterRegistry registry = new SimpleMeterRegistry();
  private final AtomicReference<Instant> now = new AtomicReference<>(START);
  private Workspace workspace;
  private Monitor<Parcel, Boolean> monitor;

  @BeforeEach
  void open() {
    workspace = Workspace.at(directory.resolve("ws")).clock(now::get).open();
    List<Parcel> parcels = new ArrayList<>();
    for (int week = 0; week < WEEKS; week++) {
      parcels.addAll(week(week, 0));
    }
    now.set(start(WEEKS));
    TrainingSet training = TrainingSet.of(FEATURES, parcels, LATE);
    try (Run run = Tracking.in(workspace).start("parcels")) {
      ModelPackage made = ModelPackage.of(new Constant(training.signature()), training);
      Registry.in(workspace).register("parcels", run.log(made));
    }
    monitor = Monitor.of("parcels", LATE).in(workspace).spans(1).build();
    serve(WEEKS, 4, training.signature());
    now.set(start(WEEKS + 1).plus(Duration.ofDays(1)));
    monitor.evaluate();
  }

  @AfterEach
  void close() {
    workspace.close();
  }

  private static Instant start(int week) {
    return START.plus(WEEK.multipliedBy(week));
  }

  private static List<Parcel> week(int week, double shift) {
    Random random = new Random(week);
    List<Parcel> parcels = new ArrayList<>();
    for (int i = 0; i < 100; i++) {
      Instant at = start(week).plusSeconds(i * 6_000L);
      boolean late = random.nextInt(4) == 0;
      parcels.add(new Parcel(at, random.nextGaussian() + shift, random.nextGaussian(), late));
    }
    return parcels;
  }

  private void serve(int week, double shift, Signature signature) {
    int ids = 0;
    for (Parcel parcel : week(week, shift)) {
      String id = week + "-" + ids++;
      double[] vector = {parcel.weight(), parcel.size()};
      monitor.predicted(
          new Prediction(id, "parcels", 1, parcel.at(), signature, vector, new double[] {0.25}));
      monitor.outcome(id, parcel.late());
    }
  }

  private double gauged(String name, String... tags) {
    return registry.get(name).tags(tags).gauge().value();
  }

  @Test
  void gaugesSayWhatTheReportSays() {
    MonitorMeters meters = new MonitorMeters("parcels", 10, Tags.of("service", "shop"));
    meters.bindTo(registry);
    assertThat(registry.find("mlops.alerts.open").gauge()).isNull();
    meters.show(monitor.report());
    assertThat(gauged("mlops.alerts.open", "model", "parcels", "service", "shop")).isEqualTo(1);
    assertThat(gauged("mlops.drift.alert", "column", "weight", "kind", "feature_drift")).isOne();
    assertThat(gauged("mlops.drift.effect", "column", "weight")).isGreaterThan(1);
    assertThat(gauged("mlops.drift.alert", "column", "size")).isZero();
    assertThat(gauged("mlops.drift.effect", "column", "size")).isLessThan(2);

    now.set(start(WEEKS + 2).plus(Duration.ofDays(1)));
    serve(WEEKS + 1, 0, signature());
    monitor.evaluate();
    meters.show(monitor.report());
    assertThat(gauged("mlops.alerts.open")).isZero();
    assertThat(gauged("mlops.drift.alert", "column", "weight")).isZero();
  }

  private static Signature signature() {
    return TrainingSet.of(FEATURES, week(0, 0), LATE).signature();
  }

  @Test
  void thereAreGaugesOfSoManyColumnsAtMost() {
    MonitorMeters meters = new MonitorMeters("parcels", 1, Tags.empty());
    meters.bindTo(registry);
    meters.show(monitor.report());
    assertThat(registry.find("mlops.drift.alert").gauges())
        .extracting(Gauge::getId)
        .extracting(id -> id.getTag("column"))
        .containsExactly("weight");
    assertThatThrownBy(() -> new MonitorMeters("parcels", -1, Tags.empty()))
        .isInstanceOf(IllegalArgumentException.class)
        .hasMessageContaining("-1");
  }

  @Test
  void aRegistryThatIsBoundLaterHasWhatWasShown() {
    MonitorMeters meters = new MonitorMeters("parcels");
    meters.show(monitor.report());
    meters.bindTo(registry);
    assertThat(gauged("mlops.alerts.open", "model", "parcels")).isEqualTo(1);
    assertThat(gauged("mlops.drift.alert", "column", "weight")).isOne();
  }

  private static WeakReference<MonitorReport> shown(MonitorMeters meters, MonitorReport report) {
    meters.show(report);
    return new WeakReference<>(report);
  }

  @Test
  void ofAReportTheNumbersAloneAreKept() {
    MonitorMeters meters = new MonitorMeters("parcels");
    meters.bindTo(registry);
    WeakReference<MonitorReport> report = shown(meters, monitor.report());
    for (int i = 0; i < 100 && report.get() != null; i++) {
      System.gc();
    }
    assertThat(report.get()).isNull();
    assertThat(gauged("mlops.drift.alert", "column", "weight")).isOne();
    SimpleMeterRegistry later = new SimpleMeterRegistry();
    meters.bindTo(later);
    assertThat(later.get("mlops.alerts.open").gauge().value()).isOne();
  }

  /** A name that differs from the table in the Javadoc would be found by nobody. */
  @Test
  void theNamesAreThoseThatAreDocumented() {
    MonitorMeters meters = new MonitorMeters("parcels");
    meters.bindTo(registry);
    meters.show(monitor.report());
    assertThat(registry.getMeters().stream().map(Meter::getId).map(Meter.Id::getName))
        .containsOnly("mlops.drift.effect", "mlops.drift.alert", "mlops.alerts.open");
  }
}
