package dev.mlops4j.feature;

import static dev.mlops4j.data.ColumnType.INT64;
import static dev.mlops4j.data.ColumnType.STRING;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.mlops4j.data.Sensitive;
import dev.mlops4j.model.GoldenRow;
import dev.mlops4j.model.GoldenSample;
import java.time.Instant;
import java.util.List;
import java.util.Map;
import java.util.function.Function;
import java.util.function.IntFunction;
import java.util.stream.IntStream;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;

/** What is sensitive in requests never gets into golden rows, and does not keep them from being. */
class SensitiveRequestTest {

  private static final Instant NOW = Instant.parse("2024-05-01T00:00:00Z");
  private static final FeatureView HISTORY =
      FeatureView.named("history")
          .key("ward", STRING)
          .key("patient_id", STRING)
          .eventTime("seen_at")
          .feature("visits", INT64)
          .sensitive("patient_id")
          .build();

  private final FeatureStore store = FeatureStore.inMemory(() -> NOW);

  record Open(String patientId, int age, Instant at, boolean ill) {}

  record Marked(@Sensitive @Nullable String patientId, int age, Instant at, boolean ill) {}

  record Mistaken(String patientId, @Sensitive int age, Instant at, boolean ill) {}

  @Test
  void aSensitiveKeyNeedsRequestsThatSayWhatIsSensitiveInThem() {
    FeatureSet.Builder<Open> set =
        FeatureSet.named("risk", Open.class)
            .at(Open::at)
            .numeric("age", Open::age)
            .lookup(HISTORY, open -> "north", Open::patientId);
    assertThatThrownBy(set::build)
        .isInstanceOf(FeatureDefinitionException.class)
        .hasMessageContaining("view \"history\" has the sensitive key [patient_id]")
        .hasMessageContaining("@Sensitive")
        .hasMessageContaining("codec(...)")
        .hasMessageContaining("withoutGoldenRows()");
    FeatureSet<Open> unchecked = set.withoutGoldenRows().build();
    TrainingSet training = train(unchecked, i -> new Open("P" + i, i, NOW, i % 2 == 0), Open::ill);
    assertThat(training.rowCount()).isEqualTo(30);
    assertThat(training.goldenSamples()).isEmpty();
  }

  @Test
  void samplesOfMarkedRequestsHaveNoKeyOfARecord() {
    FeatureSet<Marked> set =
        FeatureSet.named("risk", Marked.class)
            .at(Marked::at)
            .numeric("age", Marked::age)
            .lookup(HISTORY, marked -> "north", Marked::patientId)
            .build();
    TrainingSet training = train(set, i -> new Marked("P" + i, i, NOW, i % 2 == 0), Marked::ill);
    assertThat(training.goldenSamples()).hasSize(GoldenSampler.SAMPLES);
    assertThat(training.dataset().column("history.visits").missingCount()).isZero();
    for (GoldenSample sample : training.goldenSamples()) {
      assertThat(sample.input()).containsEntry("patient_id", null);
    }
  }

  @Test
  void aKeyThatIsTakenFromAColumnThatIsNotMarkedIsRefusedWithoutItsValue() {
    FeatureSet<Mistaken> set =
        FeatureSet.named("risk", Mistaken.class)
            .at(Mistaken::at)
            .numeric("age", Mistaken::age)
            .lookup(HISTORY, mistaken -> "north", Mistaken::patientId)
            .build();
    assertThatThrownBy(
            () -> train(set, i -> new Mistaken("P" + i, i, NOW, i % 2 == 0), Mistaken::ill))
        .isInstanceOf(FeatureDefinitionException.class)
        .hasMessageContaining("the sensitive key \"patient_id\" of view \"history\"")
        .hasMessageNotContaining("P0");
  }

  @Test
  void aRecordWithoutAnythingSensitiveMayHaveTheKeyOfSamples() {
    FeatureSet<Marked> set =
        FeatureSet.named("risk", Marked.class)
            .at(Marked::at)
            .numeric("age", Marked::age)
            .lookup(HISTORY, marked -> "north", SensitiveRequestTest::patientOrAnonymous)
            .build();
    TrainingSet training =
        train(set, i -> new Marked(i % 3 == 0 ? null : "P" + i, i, NOW, i % 2 == 0), Marked::ill);
    assertThat(training.goldenSamples()).hasSize(GoldenSampler.SAMPLES);
    for (GoldenSample sample : training.goldenSamples()) {
      assertThat(sample.input()).containsEntry("patient_id", null);
    }
  }

  private static String patientOrAnonymous(Marked marked) {
    return marked.patientId() == null ? "anonymous" : marked.patientId();
  }

  record Unlike(String patientId, @Sensitive boolean smokes, Instant at, boolean ill) {}

  @Test
  void falseAloneDoesNotMakeARecordOneWithoutAnythingSensitive() {
    FeatureSet<Unlike> set =
        FeatureSet.named("risk", Unlike.class)
            .at(Unlike::at)
            .numeric("length", unlike -> unlike.patientId().length())
            .lookup(HISTORY, unlike -> "north", Unlike::patientId)
            .build();
    assertThatThrownBy(() -> train(set, i -> new Unlike("P" + i, false, NOW, true), Unlike::ill))
        .isInstanceOf(FeatureDefinitionException.class)
        .hasMessageContaining("the sensitive key \"patient_id\" of view \"history\"");
  }

  record Stay(@Sensitive @Nullable String guest, long begin, long end, boolean returns) {

    Stay {
      if (end < begin) {
        throw new IllegalArgumentException("it ends before it begins");
      }
    }
  }

  @Test
  void aMixtureThatTheRecordRefusesGivesWayToTheRecordItself() {
    FeatureSet<Stay> set =
        FeatureSet.named("stays", Stay.class)
            .numeric("nights", stay -> (double) (stay.end() - stay.begin()))
            .build();
    // One after the other, the latest first: each ends before the one above it begins.
    TrainingSet training = trainStays(set, i -> new Stay("G" + i, -10L * i, -10L * i + 1, true));
    assertThat(training.goldenSamples()).hasSize(GoldenSampler.SAMPLES);
    for (GoldenSample sample : training.goldenSamples()) {
      assertThat(sample.input()).containsEntry("guest", null);
      assertThat(sample.vector()).containsExactly(1);
    }
    set.bind(training.signature())
        .replay(
            training.goldenSamples().stream()
                .map(sample -> new GoldenRow(sample, new double[] {0}))
                .toList());
  }

  record Booking(@Sensitive @Nullable String guest, long begin, long end, boolean returns) {}

  @Test
  void aMixtureThatAFunctionRefusesGivesWayToTheRecordItself() {
    FeatureSet<Booking> set =
        FeatureSet.named("bookings", Booking.class)
            .numeric("nights", booking -> nights(booking.begin(), booking.end()))
            .build();
    TrainingSet training =
        TrainingSet.of(
            set,
            IntStream.range(0, 30)
                .mapToObj(i -> new Booking("G" + i, -10L * i, -10L * i + 1, true))
                .toList(),
            Target.binary("returns", Booking::returns));
    assertThat(training.goldenSamples()).hasSize(GoldenSampler.SAMPLES);
    assertThat(training.goldenSamples().get(3).vector()).containsExactly(1);
  }

  private static double nights(long begin, long end) {
    if (end < begin) {
      throw new IllegalArgumentException("it ends before it begins");
    }
    return end - begin;
  }

  record Named(@Sensitive String guest, int age, boolean returns) {

    Named {
      if (guest == null || guest.length() != 2) {
        throw new IllegalArgumentException("a guest has a name");
      }
    }
  }

  @Test
  void whereNoRequestCanBeWithoutWhatIsSensitiveTheErrorSaysWhatToDo() {
    FeatureSet.Builder<Named> set =
        FeatureSet.named("named", Named.class).numeric("age", Named::age);
    List<Named> guests =
        List.of(new Named("AB", 1, true), new Named("CD", 2, false), new Named("EF", 3, true));
    Target<Named, Boolean> target = Target.binary("returns", Named::returns);
    FeatureSet<Named> checked = set.build();
    assertThatThrownBy(() -> TrainingSet.of(checked, guests, target))
        .isInstanceOf(FeatureDefinitionException.class)
        .hasMessageContaining("without the sensitive columns [guest]")
        .hasMessageContaining("codec(...)")
        .hasMessageContaining("withoutGoldenRows()")
        .hasMessageNotContaining("AB");
    assertThat(TrainingSet.of(set.withoutGoldenRows().build(), guests, target).rowCount())
        .isEqualTo(3);
  }

  private <T> TrainingSet train(
      FeatureSet<T> set, IntFunction<T> request, Function<T, Boolean> label) {
    for (int i = 0; i < 30; i++) {
      store.push(
          HISTORY, Map.of("ward", "north", "patient_id", "P" + i, "seen_at", NOW, "visits", i));
    }
    return store.trainingSet(
        set, IntStream.range(0, 30).mapToObj(request).toList(), Target.binary("ill", label));
  }

  private static TrainingSet trainStays(FeatureSet<Stay> set, IntFunction<Stay> stay) {
    return TrainingSet.of(
        set,
        IntStream.range(0, 30).mapToObj(stay).toList(),
        Target.binary("returns", Stay::returns));
  }
}
