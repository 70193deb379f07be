package dev.mlops4j.validation;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.mlops4j.data.ColumnType;
import dev.mlops4j.data.Dataset;
import dev.mlops4j.data.DatasetBuilder;
import dev.mlops4j.data.Schema;
import java.time.Duration;
import java.time.Instant;
import java.util.concurrent.atomic.AtomicReference;
import java.util.function.Consumer;
import org.junit.jupiter.api.Test;

class ExpectationsOfTimeTest {

  private static final Instant NOW = Instant.parse("2024-03-01T12:00:00Z");
  private static final Duration HOUR = Duration.ofHours(1);
  private static final Duration MICRO = Duration.ofNanos(1_000);

  @Test
  void freshnessAllowsExactlyTheStatedAge() {
    Dataset hourOld = times(NOW.minus(HOUR), NOW.minus(Duration.ofDays(9)), null);

    assertThat(only(hourOld, c -> c.freshWithin(HOUR, NOW)).outcome()).isEqualTo(Outcome.HELD);
    ExpectationResult stale = only(hourOld, c -> c.freshWithin(HOUR.minus(MICRO), NOW));
    assertThat(stale.isFailure()).isTrue();
    assertThat(stale)
        .hasToString(
            "FAIL  at: latest at most PT59M59.999999S before 2024-03-01T12:00:00Z; found"
                + " 2024-03-01T11:00:00Z, PT1H before 2024-03-01T12:00:00Z");
  }

  @Test
  void oneDateInTheFutureDoesNotMakeOldDataFresh() {
    Dataset data = times(NOW.minus(HOUR.multipliedBy(9)), NOW.plus(HOUR));

    assertThat(only(data, c -> c.freshWithin(HOUR, NOW)).isFailure()).isTrue();
    assertThat(only(times(NOW.plus(HOUR)), c -> c.freshWithin(HOUR, NOW)).found())
        .isEqualTo("no instant up to 2024-03-01T12:00:00Z");
  }

  @Test
  void dataWithoutAnInstantAreNotFresh() {
    assertThat(only(times(), c -> c.freshWithin(HOUR, NOW)).isFailure()).isTrue();
    assertThat(only(times((Instant) null), c -> c.freshWithin(HOUR, NOW)).isFailure()).isTrue();
  }

  @Test
  void theClockIsAskedWhenTheDataAreChecked() {
    AtomicReference<Instant> now = new AtomicReference<>(NOW);
    Expectations expectations =
        Expectations.named("t")
            .column("at", c -> c.freshWithin(HOUR, now::get).notAfterNow(Duration.ZERO, now::get))
            .build();

    assertThat(expectations.check(times(NOW)).passed()).isTrue();
    now.set(NOW.plus(HOUR).plus(MICRO));
    assertThat(expectations.check(times(NOW)).failures())
        .extracting(ExpectationResult::asked)
        .containsExactly("latest at most PT1H before now");
    now.set(NOW.minus(MICRO));
    assertThat(expectations.check(times(NOW, NOW.minus(HOUR))).failures())
        .extracting(ExpectationResult::asked)
        .containsExactly("none later than now");
  }

  @Test
  void noneMayBeLaterThanTheTolerance() {
    Dataset data = times(NOW.plus(HOUR), null, NOW.plus(HOUR).plus(MICRO));

    ExpectationResult result = only(data, c -> c.notAfterNow(HOUR, NOW));
    assertThat(result.asked()).isEqualTo("none later than 2024-03-01T12:00:00Z plus PT1H");
    assertThat(result.firstRows()).containsExactly(2);
    assertThat(only(times(), c -> c.notAfterNow(HOUR, NOW)).outcome()).isEqualTo(Outcome.HELD);
  }

  @Test
  void momentsAndDurationsMayBeAsFarApartAsTheyCan() {
    Duration ever = Duration.ofSeconds(Long.MAX_VALUE);

    assertThat(only(times(NOW), c -> c.freshWithin(ever, Instant.MAX)).outcome())
        .isEqualTo(Outcome.HELD);
    assertThat(only(times(NOW), c -> c.freshWithin(ever, Instant.MIN)).isFailure()).isTrue();
    assertThat(only(times(NOW), c -> c.notAfterNow(ever, Instant.MAX)).outcome())
        .isEqualTo(Outcome.HELD);
    assertThat(only(times(NOW), c -> c.notAfterNow(Duration.ZERO, Instant.MIN)).isFailure())
        .isTrue();
  }

  @Test
  void instantsOfASensitiveColumnAreNotShown() {
    Schema schema = Schema.builder().optional("at", ColumnType.TIMESTAMP).sensitive("at").build();
    Dataset born = Dataset.builder(schema).add(NOW.minus(HOUR)).add(NOW.plus(HOUR)).build();

    ValidationReport report =
        Expectations.named("t")
            .column(
                "at",
                c ->
                    c.freshWithin(MICRO, NOW)
                        .freshWithin(HOUR, NOW)
                        .notAfterNow(Duration.ZERO, NOW))
            .build()
            .check(born);

    assertThat(report.failures()).hasSize(2);
    assertThat(report.text()).doesNotContain("T11:00").doesNotContain("T13:00");
  }

  @Test
  void anotherTypeViolatesAndANegativeDurationIsRefused() {
    Dataset text =
        Dataset.builder(Schema.builder().optional("at", ColumnType.STRING).build())
            .add("x")
            .build();

    assertThat(only(text, c -> c.freshWithin(HOUR, NOW)).found())
        .isEqualTo("a column of STRING, which is not a timestamp");
    assertThat(only(text, c -> c.notAfterNow(HOUR, NOW)).isFailure()).isTrue();
    assertThatThrownBy(() -> only(text, c -> c.freshWithin(HOUR.negated(), NOW)))
        .isInstanceOf(IllegalArgumentException.class)
        .hasMessage("freshWithin of column \"at\" takes a duration of at least zero, found PT-1H");
    assertThatThrownBy(() -> only(text, c -> c.notAfterNow(HOUR.negated(), NOW)))
        .hasMessageStartingWith("notAfterNow of column \"at\"");
  }

  private static Dataset times(Instant... instants) {
    DatasetBuilder builder =
        Dataset.builder(Schema.builder().optional("at", ColumnType.TIMESTAMP).build());
    for (Instant instant : instants) {
      builder.add((Object) instant);
    }
    return builder.build();
  }

  private static ExpectationResult only(Dataset dataset, Consumer<ColumnExpectations> values) {
    return Expectations.named("t").column("at", values).build().check(dataset).results().get(1);
  }
}
