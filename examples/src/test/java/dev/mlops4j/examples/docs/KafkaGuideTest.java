package dev.mlops4j.examples.docs;

import static dev.mlops4j.examples.docs.FeatureStoreGuideTest.DEPARTURES;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.mlops4j.feature.EntityKey;
import dev.mlops4j.feature.FeatureDataException;
import dev.mlops4j.feature.FeatureStore;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.function.BooleanSupplier;
import org.apache.kafka.clients.consumer.Consumer;
import org.apache.kafka.clients.consumer.ConsumerRecord;
import org.apache.kafka.clients.consumer.MockConsumer;
import org.apache.kafka.clients.consumer.OffsetAndMetadata;
import org.apache.kafka.common.KafkaException;
import org.apache.kafka.common.TopicPartition;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;

/** Runs the consumer of docs/features.md, on Kafka's own consumer for tests. */
final class KafkaGuideTest {

  // region consume
  record Departure(
      String origin,
      String carrier,
      Instant departed_at,
      Instant reported_at,
      String flight_id,
      @Nullable String runway,
      @Nullable Double delay,
      @Nullable String pilot) {}

  static void consume(
      Consumer<String, Departure> consumer, FeatureStore features, BooleanSupplier running) {
    while (running.getAsBoolean()) {
      for (ConsumerRecord<String, Departure> event : consumer.poll(Duration.ofSeconds(1))) {
        features.push(DEPARTURES, event.value()); // a record with the columns of the view
      }
      consumer.commitSync(); // after the pushes; a replay is recognised by flight_id
    }
  }

  // endregion

  private static final TopicPartition PARTITION = new TopicPartition("departures", 0);
  private static final Instant NOON = Instant.parse("2024-07-01T12:00:00Z");

  private static final Instant NOW = NOON.plus(Duration.ofHours(1));

  private final FeatureStore features = FeatureStore.inMemory(() -> NOW);

  @Test
  void aReplayAfterALostCommitChangesNothing() {
    List<Departure> left =
        List.of(departure("AA1", 20.0), departure("AA2", 40.0), departure("AA3", null));
    MockConsumer<String, Departure> dying = new DyingConsumer();
    give(dying, left.subList(0, 2));
    MockConsumer<String, Departure> next = new MockConsumer<>("earliest");
    give(next, left);

    assertThatThrownBy(() -> consume(dying, features, polls(1))).isInstanceOf(KafkaException.class);
    assertThat(lateInADay()).isEqualTo(2L);
    consume(next, features, polls(2));

    assertThat(lateInADay()).isEqualTo(2L);
    assertThat(features.views().get(0).events()).isEqualTo(3);
    assertThat(next.committed(Set.of(PARTITION)))
        .isEqualTo(Map.of(PARTITION, new OffsetAndMetadata(3)));
  }

  @Test
  void anEventThatIsRefusedIsNotCommitted() {
    MockConsumer<String, Departure> consumer = new MockConsumer<>("earliest");
    give(consumer, List.of(new Departure("JFK", null, NOON, NOON, "AA9", null, 1.0, null)));

    assertThatThrownBy(() -> consume(consumer, features, polls(1)))
        .isInstanceOf(FeatureDataException.class);

    assertThat(consumer.committed(Set.of(PARTITION))).isEmpty();
  }

  private Object lateInADay() {
    return features.get(DEPARTURES, EntityKey.of(DEPARTURES, "JFK", "AA"), NOW).value("late_1d");
  }

  private static Departure departure(String flight, @Nullable Double delay) {
    return new Departure("JFK", "AA", NOON, NOON, flight, "13L", delay, "P. Fly");
  }

  private static void give(MockConsumer<String, Departure> consumer, List<Departure> events) {
    consumer.assign(List.of(PARTITION));
    consumer.updateBeginningOffsets(Map.of(PARTITION, 0L));
    for (int i = 0; i < events.size(); i++) {
      consumer.addRecord(
          new ConsumerRecord<>(
              PARTITION.topic(), PARTITION.partition(), i, events.get(i).origin(), events.get(i)));
    }
  }

  private static BooleanSupplier polls(int times) {
    AtomicInteger left = new AtomicInteger(times);
    return () -> left.getAndDecrement() > 0;
  }

  /** Dies before its offsets are committed. */
  private static final class DyingConsumer extends MockConsumer<String, Departure> {

    DyingConsumer() {
      super("earliest");
    }

    @Override
    public synchronized void commitSync() {
      throw new KafkaException("the coordinator is gone");
    }
  }
}
