package dev.mlops4j.monitoring;

import static dev.mlops4j.data.ColumnType.FLOAT64;
import static dev.mlops4j.data.ColumnType.STRING;
import static dev.mlops4j.feature.Aggregation.count;
import static dev.mlops4j.feature.Aggregation.mean;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import dev.mlops4j.data.ColumnType;
import dev.mlops4j.data.Dataset;
import dev.mlops4j.data.DatasetBuilder;
import dev.mlops4j.data.Field;
import dev.mlops4j.data.Schema;
import dev.mlops4j.data.Sensitive;
import dev.mlops4j.feature.FeatureLookup;
import dev.mlops4j.feature.FeatureSet;
import dev.mlops4j.feature.FeatureStore;
import dev.mlops4j.feature.FeatureView;
import dev.mlops4j.feature.GuardedLookup;
import dev.mlops4j.feature.Target;
import dev.mlops4j.feature.Vectorizer;
import dev.mlops4j.model.Prediction;
import dev.mlops4j.model.ServedLookup;
import dev.mlops4j.model.Signature;
import dev.mlops4j.model.Signature.Input;
import dev.mlops4j.monitoring.TestData.Clock;
import dev.mlops4j.workspace.Area;
import dev.mlops4j.workspace.Workspace;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Random;
import java.util.function.ToDoubleFunction;
import java.util.stream.Stream;
import org.assertj.core.data.Offset;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class SkewReportTest {

  record Parcel(Instant asked, String depot, double weight, String colour) {}

  record Transfer(Instant asked, String from, String to) {}

  record Customer(Instant asked, double income, @Sensitive String passport) {}

  private static final Instant START = TestData.SERVING;
  private static final Instant END = START.plus(Duration.ofDays(1));
  private static final FeatureView LOAD = load(Duration.ofHours(1));
  private static final FeatureSet<Parcel> FEATURES = features(LOAD, Parcel::weight, 0);
  private static final Target<Parcel, Boolean> LATE = Target.binary("late", parcel -> null);

  private static final Signature SIGNATURE =
      new Signature(
          FEATURES.inputs().stream()
              .map(
                  input ->
                      input.type() == Signature.InputType.NUMERIC
                          ? input
                          : Input.categorical(
                              input.name(),
                              input.name().equals("colour")
                                  ? List.of("blue", "red")
                                  : List.of("full", "idle")))
              .toList(),
          Signature.Output.binary("late"));

  @TempDir Path directory;

  private final Clock clock = new Clock();
  private final Map<String, Parcel> requests = new HashMap<>();
  private final List<Object[]> events = new ArrayList<>();
  private Workspace workspace;
  private FeatureStore store;

  private static FeatureView load(Duration window) {
    return FeatureView.named("load")
        .key("depot", STRING)
        .eventTime("at")
        .column("amount", FLOAT64)
        .feature("state", STRING)
        .feature("mean_1h", mean("amount").over(window))
        .feature("count_1h", count().over(Duration.ofHours(1)))
        .build();
  }

  private static FeatureSet<Parcel> features(
      FeatureView view, ToDoubleFunction<Parcel> weight, double tolerance) {
    return FeatureSet.named("parcels", Parcel.class)
        .at(Parcel::asked)
        .numeric("weight", weight)
        .tolerance("weight", tolerance)
        .categorical("colour", Parcel::colour)
        .lookup(view, Parcel::depot)
        .numeric("share", (parcel, found) -> parcel.weight() / found.number("load.mean_1h"))
        .build();
  }

  @BeforeEach
  void open() {
    workspace = Workspace.at(directory.resolve("workspace")).clock(clock).open();
    store = FeatureStore.in(workspace);
  }

  @AfterEach
  void close() {
    workspace.close();
  }

  private static MonitorBuilder<Parcel, Boolean> settings() {
    return Monitor.of(TestData.MODEL, LATE);
  }

  private <T> Monitor<T, Boolean> monitor(MonitorBuilder<T, Boolean> settings, Signature of) {
    JdbcMonitoringSchema.Model stored =
        new JdbcMonitoringSchema.Model(
            JdbcMonitoringSchema.over(workspace.database(Area.LEDGER)), TestData.MODEL);
    References references =
        new References() {
          @Override
          public Reference of(int version) {
            throw new MonitoringException("no reference is needed");
          }

          @Override
          public Signature signature(int version) {
            if (version == 9) {
              throw new MonitoringException("there is no version 9");
            }
            return of;
          }
        };
    return settings.in(workspace).build(workspace, new JdbcLedger(stored), stored, references);
  }

  private Monitor<Parcel, Boolean> logging(double share) {
    return monitor(settings().featureLog(FEATURES, share), SIGNATURE);
  }

  /** Pushes events and answers requests as time goes by. */
  private void serve(Monitor<Parcel, Boolean> monitor, int count) {
    Random random = new Random(1);
    Vectorizer<Parcel> vectorizer = FEATURES.bind(SIGNATURE);
    for (int i = 0; i < count; i++) {
      clock.set(START.plus(Duration.ofMinutes(5L * i)));
      push(random);
      Instant now = clock.instant().plusSeconds(30);
      clock.set(now);
      Parcel parcel =
          new Parcel(
              now,
              "d" + random.nextInt(3),
              random.nextDouble(),
              List.of("red", "blue", "unseen").get(random.nextInt(3)));
      requests.put("p" + i, parcel);
      answer(monitor, "p" + i, parcel, now, vectorizer, store);
    }
    monitor.flush();
  }

  private void push(Random random) {
    Object[] event = {
      "d" + random.nextInt(3),
      clock.instant(),
      random.nextDouble(),
      random.nextBoolean() ? "idle" : "full"
    };
    events.add(event);
    store.push(
        LOAD, Map.of("depot", event[0], "at", event[1], "amount", event[2], "state", event[3]));
  }

  private void answer(Monitor<Parcel, Boolean> monitor, String id, Parcel parcel, double[] vector) {
    requests.put(id, parcel);
    monitor.predicted(parcel, prediction(id, 1, parcel.asked(), SIGNATURE, vector));
  }

  /** Answers as a predictor does: what was looked up is told if it is wanted. */
  private static <R> void answer(
      Monitor<R, Boolean> monitor,
      String id,
      R request,
      Instant asked,
      Vectorizer<R> vectorizer,
      FeatureLookup online) {
    List<List<ServedLookup>> found = new ArrayList<>();
    double[] vector = vectorizer.vector(request, asked, online, (name, value) -> {}, found::add);
    Prediction prediction = prediction(id, 1, asked, vectorizer.signature(), vector);
    if (monitor.wantsLookups(id)) {
      monitor.predicted(request, prediction, found.get(0));
    } else {
      monitor.predicted(request, prediction);
    }
  }

  private static Prediction prediction(
      String id, int version, Instant at, Signature signature, double[] vector) {
    return new Prediction(id, TestData.MODEL, version, at, signature, vector, new double[] {0.25});
  }

  private static Dataset rows(List<Object[]> events) {
    DatasetBuilder rows =
        Dataset.builder(
            Schema.of(
                List.of(
                    new Field("depot", STRING, true, false),
                    new Field("at", ColumnType.TIMESTAMP, true, false),
                    new Field("amount", FLOAT64, false, false),
                    new Field("state", STRING, false, false))));
    events.forEach(rows::add);
    return rows.build();
  }

  private static FeatureSkew of(SkewReport report, String feature) {
    return report.features().stream()
        .filter(one -> one.feature().equals(feature))
        .findFirst()
        .orElseThrow();
  }

  private SkewReport report(Monitor<Parcel, Boolean> monitor) {
    return SkewReport.of(monitor, FEATURES, store).between(START, END).run();
  }

  @Test
  void aStoreUsedRightHasNoSkew() {
    try (Monitor<Parcel, Boolean> monitor = logging(1)) {
      serve(monitor, 200);
      SkewReport report = report(monitor);
      assertThat(report.text()).contains("200 of 200 predictions compared, 0 of 6 features differ");
      assertThat(report.withoutSkew()).isTrue();
      assertThat(report.features()).extracting(FeatureSkew::compared).containsOnly(200L);
      assertThat(report.features()).extracting(FeatureSkew::feature).isEqualTo(FEATURES.features());
      assertThat(report.notReplayed()).isEmpty();
    }
  }

  @Test
  void anEventThatCameLateShowsInWhatItChanges() throws IOException {
    try (Monitor<Parcel, Boolean> monitor = logging(1)) {
      serve(monitor, 50);
      Parcel parcel = requests.get("p20");
      Instant lateEvent = parcel.asked().minusSeconds(1);
      Object[] event = {parcel.depot(), lateEvent, 1000.0, "full"};
      store.ingest(LOAD, rows(List.<Object[]>of(event)));

      SkewReport report = report(monitor);
      assertThat(report.withoutSkew()).isFalse();
      assertThat(report.skewed())
          .extracting(FeatureSkew::feature)
          .contains("load.mean_1h", "load.count_1h", "share")
          .doesNotContain("weight", "colour");
      SkewExample example = of(report, "load.count_1h").examples().get(0);
      assertThat(example.predictionId()).isEqualTo("p20");
      assertThat(example.askedAt()).isEqualTo(parcel.asked());
      assertThat(example.offlineEventTime()).isEqualTo(lateEvent);
      assertThat(example.servedEvent()).isEqualTo(ServedEvent.OLDER);
      Instant servedTime = example.servedLookup().eventTime();
      assertThat(servedTime).isEqualTo(servedBefore(parcel));
      assertThat(of(report, "load.count_1h").servedEvents()).containsKey(ServedEvent.OLDER);
      assertThat(of(report, "share").servedEvents()).isEmpty();
      assertThat(of(report, "share").examples().get(0).servedEvent()).isNull();
      assertThat((Double) example.offline()).isEqualTo((Double) example.served() + 1);
      assertThat(of(report, "load.count_1h").largestDifference()).isEqualTo(1);
      assertThat(report.text()).contains("load.count_1h", "p20", lateEvent.toString());
      assertThat(report.text())
          .contains(servedTime + " (older)", "the online store was behind, or the event came late");

      JsonNode json = new ObjectMapper().readTree(report.toJson());
      assertThat(json.path("format").textValue()).isEqualTo("mlops4j-skew-report");
      JsonNode count = json.path("features").get(FEATURES.features().indexOf("load.count_1h"));
      JsonNode first = count.path("examples").get(0);
      assertThat(first.path("offlineEventTime").textValue()).isEqualTo(lateEvent.toString());
      assertThat(first.path("servedEventTime").textValue()).isEqualTo(servedTime.toString());
      assertThat(first.path("servedEvent").textValue()).isEqualTo("OLDER");
      assertThat(first.path("servedStatus").textValue()).isEqualTo("PRESENT");
      assertThat(count.path("servedEvents").path("OLDER").intValue()).isPositive();
      assertThat(report.toJson()).isEqualTo(report(monitor).toJson());
    }
  }

  /** The time of the latest event of its depot when a parcel was asked about. */
  private Instant servedBefore(Parcel parcel) {
    return events.stream()
        .filter(event -> event[0].equals(parcel.depot()))
        .map(event -> (Instant) event[1])
        .filter(time -> !time.isAfter(parcel.asked()))
        .max(Comparator.naturalOrder())
        .orElseThrow();
  }

  @Test
  void whatWasServedWithinTheRetentionIsReplayedAsItWasServed() {
    FeatureView kept =
        FeatureView.named("kept")
            .key("depot", STRING)
            .eventTime("at")
            .feature("amount", FLOAT64)
            .retention(Duration.ofDays(1))
            .build();
    FeatureSet<Parcel> set =
        FeatureSet.named("kept parcels", Parcel.class)
            .at(Parcel::asked)
            .numeric("weight", Parcel::weight)
            .lookup(kept, Parcel::depot)
            .build();
    Signature signature = new Signature(set.inputs(), Signature.Output.binary("late"));
    Vectorizer<Parcel> vectorizer = set.bind(signature);
    try (Monitor<Parcel, Boolean> monitor = monitor(settings().featureLog(set, 1), signature)) {
      clock.set(START);
      store.push(kept, Map.of("depot", "d", "at", START, "amount", 7.0));
      for (int hours : List.of(23, 25)) {
        clock.set(START.plus(Duration.ofHours(hours)));
        Parcel parcel = new Parcel(clock.instant(), "d", 1, "red");
        answer(monitor, "p" + hours, parcel, parcel.asked(), vectorizer, store);
      }
      monitor.flush();
      clock.set(START.plus(Duration.ofDays(30)));

      SkewReport report = SkewReport.of(monitor, set, store).between(START, clock.instant()).run();
      assertThat(report.text()).contains("2 of 2 predictions compared, 0 of 2 features differ");
      store.removeBeyondRetention(kept);
      assertThat(
              SkewReport.of(monitor, set, store)
                  .between(START, clock.instant())
                  .run()
                  .withoutSkew())
          .as("what is gone cannot be seen")
          .isFalse();
    }
  }

  @Test
  void anEventThatWasErasedSinceShowsAsNewerServed() {
    try (Monitor<Parcel, Boolean> monitor = logging(1);
        FeatureStore without = FeatureStore.inMemory(clock)) {
      serve(monitor, 1);
      Parcel parcel = requests.get("p0");
      without.register(LOAD);
      if (!events.get(0)[0].equals(parcel.depot())) {
        Parcel there = new Parcel(clock.instant(), (String) events.get(0)[0], 1, "red");
        answer(monitor, "p1", there, there.asked(), FEATURES.bind(SIGNATURE), store);
      }
      SkewReport report = SkewReport.of(monitor, FEATURES, without).between(START, END).run();
      SkewExample example = of(report, "load.count_1h").examples().get(0);
      assertThat(example.servedEvent()).isEqualTo(ServedEvent.NEWER);
      assertThat(example.servedLookup().eventTime()).isEqualTo(events.get(0)[1]);
      assertThat(example.offlineEventTime()).isNull();
      assertThat(report.text()).contains("(newer)  none", ServedEvent.NEWER.meaning());
    }
  }

  @Test
  void aViewLookedUpUnderTwoNamesHasTheTimesOfEach() {
    FeatureSet<Transfer> set =
        FeatureSet.named("transfers", Transfer.class)
            .at(Transfer::asked)
            .lookup(LOAD.as("from"), Transfer::from)
            .lookup(LOAD.as("to"), Transfer::to)
            .build();
    Signature signature =
        new Signature(
            set.inputs().stream()
                .map(
                    input ->
                        input.type() == Signature.InputType.NUMERIC
                            ? input
                            : Input.categorical(input.name(), List.of("full", "idle")))
                .toList(),
            Signature.Output.binary("late"));
    Target<Transfer, Boolean> late = Target.binary("late", transfer -> null);
    try (Monitor<Transfer, Boolean> monitor =
        monitor(Monitor.of(TestData.MODEL, late).featureLog(set, 1), signature)) {
      clock.set(START);
      Instant before = START.minusSeconds(600);
      store.push(LOAD, Map.of("depot", "b", "at", before, "amount", 1.0, "state", "idle"));
      Transfer transfer = new Transfer(START, "a", "b");
      answer(monitor, "a", transfer, START, set.bind(signature), store);
      Object[] one = {"a", START.minusSeconds(60), 1.0, "full"};
      Object[] other = {"b", START.minusSeconds(30), 1.0, "full"};
      store.ingest(LOAD, rows(List.of(one, other)));
      SkewReport report = SkewReport.of(monitor, set, store).between(START, END).run();
      SkewExample from = of(report, "from.count_1h").examples().get(0);
      SkewExample to = of(report, "to.count_1h").examples().get(0);
      assertThat(from.servedLookup())
          .isEqualTo(new ServedLookup("from", ServedLookup.Status.MISSING, null));
      assertThat(from.offlineEventTime()).isEqualTo(one[1]);
      assertThat(from.servedEvent()).isEqualTo(ServedEvent.OLDER);
      assertThat(to.servedLookup())
          .isEqualTo(new ServedLookup("to", ServedLookup.Status.PRESENT, before));
      assertThat(to.offlineEventTime()).isEqualTo(other[1]);
      assertThat(report.text()).contains("none (older)");
    }
  }

  @Test
  void aStoreThatGaveNoAnswerShowsAsSuch() {
    try (Monitor<Parcel, Boolean> monitor = logging(1);
        GuardedLookup down =
            GuardedLookup.of(
                    (view, key, at) -> {
                      throw new MonitoringException("the store is down");
                    })
                .timeout(Duration.ofSeconds(30))
                .orDefaults()
                .build()) {
      clock.set(START);
      push(new Random(1));
      Parcel parcel = new Parcel(START, (String) events.get(0)[0], 1, "red");
      answer(monitor, "a", parcel, START, FEATURES.bind(SIGNATURE), down);
      SkewReport report = report(monitor);
      FeatureSkew count = of(report, "load.count_1h");
      assertThat(count.servedEvents()).containsExactly(Map.entry(ServedEvent.UNANSWERED, 1L));
      SkewExample example = count.examples().get(0);
      assertThat(example.served()).isEqualTo(0.0);
      assertThat(example.offline()).isEqualTo(1.0);
      assertThat(example.servedLookup())
          .isEqualTo(new ServedLookup("load", ServedLookup.Status.UNANSWERED, null));
      assertThat(report.text()).contains("1 unanswered", ServedEvent.UNANSWERED.meaning());
    }
  }

  @Test
  void whatWasLoggedWithoutLookupsIsReadAndSaysSo() throws IOException {
    try (Monitor<Parcel, Boolean> monitor = logging(1)) {
      clock.set(START);
      store.register(LOAD);
      Parcel parcel = new Parcel(START, "d0", 1, "red");
      answer(monitor, "old", parcel, FEATURES.bind(SIGNATURE).vector(parcel, START, store));
      monitor.flush();
      Object[] event = {"d0", START.minusSeconds(1), 2.0, "full"};
      store.ingest(LOAD, rows(List.<Object[]>of(event)));
      SkewReport report = report(monitor);
      SkewExample example = of(report, "load.count_1h").examples().get(0);
      assertThat(example.servedEvent()).isEqualTo(ServedEvent.NOT_RECORDED);
      assertThat(example.servedLookup()).isNull();
      assertThat(report.text()).contains("1 not recorded", ServedEvent.NOT_RECORDED.meaning());
      assertThat(report.toJson())
          .contains("\"servedStatus\" : null", "\"servedEventTime\" : null", "NOT_RECORDED");
    }
  }

  @Test
  void onlyOfSampledPredictionsAreLookupsWanted() {
    try (Monitor<Parcel, Boolean> none = monitor(settings(), SIGNATURE);
        Monitor<Parcel, Boolean> fifth = logging(0.2)) {
      int wanted = 0;
      for (int i = 0; i < 10_000; i++) {
        assertThat(none.wantsLookups("order-" + i)).isFalse();
        wanted += fifth.wantsLookups("order-" + i) ? 1 : 0;
      }
      // Within five standard deviations of a fair sample.
      assertThat(wanted).isBetween(2_000 - 200, 2_000 + 200);
    }
  }

  @Test
  void aChangedFunctionShowsUnlessItsToleranceAllowsIt() {
    try (Monitor<Parcel, Boolean> monitor = logging(1)) {
      serve(monitor, 30);
      FeatureSet<Parcel> changed = features(LOAD, parcel -> parcel.weight() + 0.5, 0);
      SkewReport report =
          SkewReport.of(monitor, changed, store).between(START, END).examples(2).run();
      assertThat(report.skewed()).extracting(FeatureSkew::feature).containsExactly("weight");
      FeatureSkew weight = of(report, "weight");
      assertThat(weight.differing()).isEqualTo(30);
      assertThat(weight.largestDifference()).isCloseTo(0.5, Offset.offset(1e-9));
      assertThat(weight.examples()).hasSize(2);
      assertThat(weight.examples().get(0).served()).isEqualTo(requests.get("p0").weight());
      assertThat(weight.examples().get(0).offlineEventTime()).isNull();

      FeatureSet<Parcel> tolerant = features(LOAD, parcel -> parcel.weight() + 0.5, 0.6);
      assertThat(SkewReport.of(monitor, tolerant, store).between(START, END).run().withoutSkew())
          .isTrue();
    }
  }

  @Test
  void aChangedWindowShowsInTheFeatureAndWhatIsMadeOfIt() {
    try (Monitor<Parcel, Boolean> monitor = logging(1);
        FeatureStore other = FeatureStore.inMemory(clock)) {
      serve(monitor, 50);
      FeatureView longer = load(Duration.ofHours(2));
      other.ingest(longer, rows(events));
      SkewReport report =
          SkewReport.of(monitor, features(longer, Parcel::weight, 0), other)
              .between(START, END)
              .run();
      assertThat(report.skewed())
          .extracting(FeatureSkew::feature)
          .containsExactly("load.mean_1h", "share");
      assertThat(of(report, "load.mean_1h").examples()).hasSize(SkewAudit.DEFAULT_EXAMPLES);
      assertThat(of(report, "load.mean_1h").servedEvents())
          .containsExactly(Map.entry(ServedEvent.SAME, of(report, "load.mean_1h").differing()));
    }
  }

  @Test
  void anotherMomentOfAskingIsCounted() {
    try (Monitor<Parcel, Boolean> monitor = logging(1)) {
      serve(monitor, 10);
      FeatureSet<Parcel> moved =
          FeatureSet.named("parcels", Parcel.class)
              .at(parcel -> parcel.asked().minusSeconds(60))
              .numeric("weight", Parcel::weight)
              .categorical("colour", Parcel::colour)
              .lookup(LOAD, Parcel::depot)
              .numeric("share", (parcel, found) -> parcel.weight() / found.number("load.mean_1h"))
              .build();
      SkewReport report = SkewReport.of(monitor, moved, store).between(START, END).run();
      assertThat(report.movedCount()).isEqualTo(10);
      assertThat(report.withoutSkew()).isFalse();
      assertThat(report.text()).contains("10 have another moment of asking now");
    }
  }

  @Test
  void aRequestServedBeforeItsMomentMissesWhatHappensInBetween() {
    try (Monitor<Parcel, Boolean> monitor = logging(1)) {
      clock.set(START);
      store.register(LOAD);
      Parcel early = new Parcel(START.plusSeconds(600), "d0", 1, "red");
      double[] vector = FEATURES.bind(SIGNATURE).vector(early, early.asked(), store);
      answer(monitor, "early", early, vector);
      clock.set(START.plusSeconds(300));
      store.push(
          LOAD, Map.of("depot", "d0", "at", clock.instant(), "amount", 2.0, "state", "idle"));
      clock.set(START.plusSeconds(900));
      SkewReport report = report(monitor);
      SkewExample state = of(report, "load.state").examples().get(0);
      assertThat(state.served()).isNull();
      assertThat(state.offline()).isEqualTo("idle");
      assertThat(of(report, "load.state").largestDifference()).isNaN();
    }
  }

  @Test
  void theLogIsThereAfterReopening() {
    try (Monitor<Parcel, Boolean> monitor = logging(1)) {
      serve(monitor, 20);
    }
    workspace.close();
    open();
    try (Monitor<Parcel, Boolean> monitor = logging(0)) {
      SkewReport report = report(monitor);
      assertThat(report.compared()).isEqualTo(20);
      assertThat(report.withoutSkew()).isTrue();
    }
  }

  @Test
  void aShareOfNothingKeepsNoRequestAndAllKeepsEach() {
    try (Monitor<Parcel, Boolean> monitor = logging(0)) {
      serve(monitor, 20);
      SkewReport report = report(monitor);
      assertThat(report.asked()).isEqualTo(20);
      assertThat(report.compared()).isZero();
      assertThat(report.withoutSkew()).isFalse();
    }
    FeatureLog<Parcel> none = new FeatureLog<>(FEATURES.codec().orElseThrow(), 0);
    FeatureLog<Parcel> all = new FeatureLog<>(FEATURES.codec().orElseThrow(), 1);
    FeatureLog<Parcel> fifth = new FeatureLog<>(FEATURES.codec().orElseThrow(), 0.2);
    FeatureLog<Parcel> tenth = new FeatureLog<>(FEATURES.codec().orElseThrow(), 0.1);
    int sampled = 0;
    for (int i = 0; i < 100_000; i++) {
      String id = "order-" + i;
      assertThat(none.isSampled(id)).isFalse();
      assertThat(all.isSampled(id)).isTrue();
      sampled += fifth.isSampled(id) ? 1 : 0;
      assertThat(tenth.isSampled(id) && !fifth.isSampled(id)).isFalse();
    }
    // Within five standard deviations of a fair sample.
    assertThat(sampled).isBetween(20_000 - 633, 20_000 + 633);
  }

  @Test
  void whatCannotBeReplayedIsCountedByReasonAndDoesNotSpoilTheRest() {
    try (Monitor<Parcel, Boolean> monitor = logging(1)) {
      serve(monitor, 20);
      double[] vector = new double[SIGNATURE.width()];
      Instant at = clock.instant();
      monitor.predicted(
          requests.get("p0"), prediction("unknown", 9, at.plusSeconds(1), SIGNATURE, vector));
      monitor.predicted(
          requests.get("p0"),
          prediction("short", 1, at.plusSeconds(2), SIGNATURE, new double[] {1}));
      double failing = requests.get("p7").weight();
      FeatureSet<Parcel> throwing =
          features(
              LOAD,
              parcel -> {
                if (parcel.weight() == failing) {
                  throw new IllegalStateException("secret " + failing);
                }
                return parcel.weight();
              },
              0);
      SkewReport report = SkewReport.of(monitor, throwing, store).between(START, END).run();
      assertThat(report.asked()).isEqualTo(22);
      assertThat(report.compared()).isEqualTo(19);
      assertThat(report.notReplayed())
          .extracting(NotReplayed::firstPredictionId)
          .containsExactlyInAnyOrder("unknown", "short", "p7");
      assertThat(report.text())
          .contains("function of \"weight\" threw java.lang.IllegalStateException")
          .doesNotContain("secret");

      assertThat(SkewReport.of(monitor, FEATURES, store).between(START, END).atMost(5).run())
          .satisfies(
              few -> {
                assertThat(few.compared()).isEqualTo(5);
                assertThat(few.notReplayed().get(0).reason()).contains("atMost(5)");
                assertThat(few.notReplayed().get(0).count()).isEqualTo(17);
              });
    }
  }

  @Test
  void requestsOfTheCallerStandInForTheLog() {
    try (Monitor<Parcel, Boolean> monitor = monitor(settings(), SIGNATURE)) {
      serve(monitor, 20);
      requests.remove("p3");
      SkewReport report =
          SkewReport.of(monitor, FEATURES, store).between(START, END).requests(requests::get).run();
      assertThat(report.compared()).isEqualTo(19);
      assertThat(report.withoutSkew()).isTrue();
      assertThat(report.notReplayed())
          .containsExactly(new NotReplayed("no request was given for it", 1, "p3"));
    }
  }

  @Test
  void aRequestThatCannotBeKeptIsCountedAndItsPredictionRecorded() {
    try (Monitor<Parcel, Boolean> monitor = logging(1)) {
      double[] vector = new double[SIGNATURE.width()];
      monitor.predicted("no parcel", prediction("a", 1, START, SIGNATURE, vector));
      Parcel large = new Parcel(START, "d".repeat(70_000), 1, "red");
      monitor.predicted(large, prediction("b", 1, START, SIGNATURE, vector));
      monitor.predicted(prediction("c", 1, START, SIGNATURE, vector));
      monitor.flush();
      assertThat(monitor.predictionCount()).isEqualTo(3);
      assertThat(monitor.droppedRequestCount()).isEqualTo(2);
      assertThat(monitor.droppedCount()).isZero();
    }
  }

  @Test
  void ofTwoPredictionsOfOneIdTheRequestIsThatOfTheFirst() {
    try (Monitor<Parcel, Boolean> monitor = logging(1)) {
      serve(monitor, 1);
      clock.set(clock.instant().plusSeconds(1));
      Parcel other = new Parcel(clock.instant(), "d9", 7, "red");
      monitor.predicted(
          other, prediction("p0", 1, other.asked(), SIGNATURE, new double[SIGNATURE.width()]));
      assertThat(report(monitor).withoutSkew()).isTrue();
      assertThat(report(monitor).compared()).isEqualTo(1);
    }
  }

  @Test
  void whatCannotBeLoggedIsRefusedWhenTheMonitorIsBuilt() {
    FeatureSet<Parcel> bare =
        FeatureSet.named("bare", Parcel.class)
            .numeric("weight", Parcel::weight)
            .withoutGoldenRows()
            .build();
    assertThatThrownBy(() -> settings().in(workspace).featureLog(bare).build())
        .isInstanceOf(MonitorConfigurationException.class)
        .hasMessageContaining("\"bare\", which has no codec");
    for (double share : new double[] {-0.1, 1.1, Double.NaN}) {
      assertThatThrownBy(() -> settings().in(workspace).featureLog(FEATURES, share).build())
          .isInstanceOf(MonitorConfigurationException.class)
          .hasMessageContaining("a share of " + share);
    }
    try (Monitor<Parcel, Boolean> monitor = monitor(settings(), SIGNATURE)) {
      assertThatThrownBy(() -> SkewReport.of(monitor, bare, store).atMost(0).examples(-1).run())
          .isInstanceOfSatisfying(
              MonitorConfigurationException.class, e -> assertThat(e.problems()).hasSize(4));
    }
  }

  @Test
  void sensitiveColumnsAreNeitherStoredNorTold() throws IOException {
    String passport = "C01X00T478";
    FeatureSet<Customer> features = customers(0);
    Target<Customer, Boolean> late = Target.binary("late", customer -> null);
    assertThatThrownBy(
            () -> Monitor.of(TestData.MODEL, late).in(workspace).featureLog(features, 1).build())
        .isInstanceOf(MonitorConfigurationException.class)
        .hasMessageContaining("[passport] are sensitive");
    Signature signature = new Signature(features.inputs(), Signature.Output.binary("late"));
    Customer customer = new Customer(START, 12_345.5, passport);
    try (Monitor<Customer, Boolean> monitor =
        monitor(Monitor.of(TestData.MODEL, late), signature)) {
      double[] vector = features.bind(signature).vector(customer, START, store);
      monitor.predicted(customer, prediction("a", 1, START, signature, vector));
      SkewReport report =
          SkewReport.of(monitor, customers(1), store)
              .between(START, END)
              .requests(id -> customer)
              .run();
      FeatureSkew skew = of(report, "passport");
      assertThat(skew.differing()).isEqualTo(1);
      assertThat(skew.sensitive()).isTrue();
      assertThat(skew.largestDifference()).isNaN();
      assertThat(skew.examples().get(0).served()).isNull();
      assertThat(report.text()).contains("(sensitive)");
      assertThat(report.text() + report.toJson()).doesNotContain("478", passport);
    }
    workspace.close();
    try (Stream<Path> files = Files.walk(directory)) {
      for (Path file : files.filter(Files::isRegularFile).toList()) {
        assertThat(new String(Files.readAllBytes(file), StandardCharsets.ISO_8859_1))
            .doesNotContain(passport);
      }
    }
  }

  private static FeatureSet<Customer> customers(double more) {
    return FeatureSet.named("customers", Customer.class)
        .at(Customer::asked)
        .numeric("income", Customer::income)
        .numeric("passport", customer -> 478 + more)
        .build();
  }
}
