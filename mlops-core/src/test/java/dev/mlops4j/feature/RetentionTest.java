package dev.mlops4j.feature;

import static dev.mlops4j.data.ColumnType.FLOAT64;
import static dev.mlops4j.data.ColumnType.INT64;
import static dev.mlops4j.data.ColumnType.STRING;
import static dev.mlops4j.data.ColumnType.TIMESTAMP;
import static org.assertj.core.api.Assertions.assertThat;

import dev.mlops4j.data.Dataset;
import dev.mlops4j.data.DatasetBuilder;
import dev.mlops4j.data.Schema;
import dev.mlops4j.workspace.Workspace;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.Map;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** What a call for a nightly job removes of a history. */
class RetentionTest {

  private static final Instant START = Instant.parse("2013-03-01T00:00:00Z");
  private static final Schema ROWS =
      Schema.builder()
          .required("card", STRING)
          .required("paid_at", TIMESTAMP)
          .required("amount", FLOAT64)
          .build();

  @TempDir private Path directory;
  private final MutableClock clock = new MutableClock(START);

  private static FeatureView.Builder view() {
    return FeatureView.named("payments")
        .key("card", STRING)
        .eventTime("paid_at")
        .feature("amount", FLOAT64);
  }

  @ParameterizedTest
  @ValueSource(booleans = {true, false})
  void everyVersionLosesWhatIsBeyondItsOwnRetention(boolean inMemory) {
    FeatureView dayOfShops =
        FeatureView.named("payments")
            .key("card", STRING)
            .key("shop", INT64)
            .eventTime("paid_at")
            .feature("amount", FLOAT64)
            .retention(Duration.ofDays(1))
            .build();
    List<FeatureView> versions =
        List.of(
            dayOfShops,
            view().retention(Duration.ofDays(2)).build(),
            view().build(),
            view().retention(Duration.ofDays(3)).build());
    try (Workspace workspace = Workspace.at(directory).clock(clock).open();
        FeatureStore features =
            inMemory ? FeatureStore.inMemory(clock) : FeatureStore.in(workspace)) {
      for (FeatureView version : versions) {
        features.register(version);
        features.push(version, Map.of("card", "a", "shop", 7, "paid_at", START, "amount", 1.0));
      }
      clock.set(START.plus(Duration.ofDays(1)).plusSeconds(1));
      features.push(dayOfShops, Map.of("card", "b", "shop", 8, "paid_at", START, "amount", 1.0));
      features.push(
          dayOfShops, Map.of("card", "b", "shop", 8, "paid_at", clock.instant(), "amount", 2.0));

      assertThat(features.removeBeyondRetention(versions.get(3))).isEqualTo(2);
      assertThat(events(features)).containsExactly(1L, 1L, 1L, 1L);
      clock.set(START.plus(Duration.ofDays(9)));
      assertThat(features.removeBeyondRetention(versions.get(2))).isEqualTo(3);
      assertThat(events(features)).containsExactly(0L, 0L, 1L, 0L);
    }
  }

  private static List<Long> events(FeatureStore features) {
    return features.views().stream().map(ViewInfo::events).toList();
  }

  @Test
  void ofAKeyThatHasNoEventsAnyMoreNoByteStays() throws IOException {
    FeatureView view = view().retention(Duration.ofDays(1)).build();
    try (Workspace workspace = Workspace.at(directory).clock(clock).open();
        FeatureStore features = FeatureStore.in(workspace)) {
      for (String card : List.of("silent-customer", "busy-customer")) {
        features.push(view, Map.of("card", card, "paid_at", START, "amount", 1.0));
      }
      clock.set(START.plus(Duration.ofDays(2)));
      features.push(view, Map.of("card", "busy-customer", "paid_at", clock.instant(), "amount", 2));
      assertThat(bytes()).contains("silent-customer");

      assertThat(features.removeBeyondRetention(view)).isEqualTo(2);
      assertThat(bytes()).doesNotContain("silent-customer").contains("busy-customer");
    }
  }

  @Test
  void aKeyThatComesBackIsLookedUpAnew() {
    FeatureView view = view().retention(Duration.ofDays(1)).build();
    EntityKey key = EntityKey.of(view, "a");
    try (Workspace workspace = Workspace.at(directory).clock(clock).open();
        FeatureStore features = FeatureStore.in(workspace)) {
      for (int day = 0; day < 6; day += 2) {
        clock.set(START.plus(Duration.ofDays(day)));
        for (int i = 0; i <= day; i++) {
          features.push(view, Map.of("card", "a", "paid_at", clock.instant(), "amount", day + i));
        }
        assertThat(features.get(view, key, clock.instant()).value("amount")).isEqualTo(2.0 * day);
        clock.set(clock.instant().plus(Duration.ofDays(1)).plusSeconds(1));
        assertThat(features.removeBeyondRetention(view)).isEqualTo(day + 1);
        assertThat(features.get(view, key, clock.instant()).status("amount"))
            .isEqualTo(FeatureValues.Status.MISSING);
      }
    }
  }

  @Test
  void manyEventsOfOneAndOfManyKeysGoInParts() {
    FeatureView view = view().retention(Duration.ofDays(1)).build();
    int ofOne = 2 * JdbcRetention.MOST_EVENTS + 1;
    int others = JdbcRetention.MOST_EVENTS / 2;
    DatasetBuilder rows = Dataset.builder(ROWS);
    for (int i = 0; i < ofOne; i++) {
      rows.add("card 1", START.plusMillis(i), 1.0);
    }
    for (int i = 0; i < others; i++) {
      rows.add("card " + (2 + i), START, 1.0).add("card " + (2 + i), START.plusSeconds(1), 1.0);
    }
    rows.add("card 1", START.plus(Duration.ofDays(2)), 2.0);
    rows.add("last card", START.plus(Duration.ofDays(2)), 3.0);
    clock.set(START.plus(Duration.ofDays(2)));
    try (Workspace workspace = Workspace.at(directory).clock(clock).open();
        FeatureStore features = FeatureStore.in(workspace)) {
      features.ingest(view, rows.build());

      assertThat(features.removeBeyondRetention(view)).isEqualTo(ofOne + 2 * others);
      assertThat(events(features)).containsExactly(2L);
      assertThat(features.get(view, EntityKey.of(view, "card 1"), clock.instant()).value("amount"))
          .isEqualTo(2.0);
      assertThat(features.removeBeyondRetention(view)).isZero();
    }
  }

  private String bytes() throws IOException {
    StringBuilder all = new StringBuilder();
    try (Stream<Path> files = Files.walk(directory)) {
      for (Path file : files.filter(Files::isRegularFile).toList()) {
        all.append(Files.readString(file, StandardCharsets.ISO_8859_1));
      }
    }
    return all.toString();
  }
}
