package dev.mlops4j.pipeline;

import static org.assertj.core.api.Assertions.assertThat;

import dev.mlops4j.storage.Database;
import dev.mlops4j.storage.Durability;
import java.nio.file.Path;
import java.time.Instant;
import java.util.List;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Who may compute an output, and until when. */
class StepClaimTest {

  private static final Instant NOW = Instant.parse("2026-03-01T00:00:00Z");

  @TempDir Path directory;
  private Database database;
  private JdbcStepCache cache;

  @BeforeEach
  void open() {
    database = Database.sqlite(directory.resolve("metadata.db"), Durability.FULL);
    cache = new JdbcStepCache(database);
  }

  @AfterEach
  void close() {
    database.close();
  }

  @Test
  void aClaimIsHeldByOneUntilItIsGivenUp() {
    assertThat(cache.claim("key", "one", NOW)).isTrue();
    assertThat(cache.claim("key", "one", NOW)).isTrue();
    assertThat(cache.claim("key", "two", NOW)).isFalse();
    assertThat(cache.claim("other", "two", NOW)).isTrue();
    cache.release("key", "two");
    assertThat(cache.claim("key", "two", NOW)).isFalse();
    cache.release("key", "one");
    assertThat(cache.claim("key", "two", NOW)).isTrue();
  }

  @Test
  void aClaimWithoutASignOfLifeIsTakenOverAndOneWithStays() {
    assertThat(cache.claim("key", "one", NOW)).isTrue();
    elsewhere();
    Instant limit = NOW.plus(JdbcStepCache.CLAIM_LIFE);
    assertThat(cache.claim("key", "two", limit)).isFalse();
    cache.beat("one", NOW.plusSeconds(30));
    assertThat(cache.claim("key", "two", limit.plusSeconds(30))).isFalse();
    assertThat(cache.claim("key", "two", limit.plusSeconds(31))).isTrue();
    cache.release("key", "one");
    assertThat(cache.claim("key", "three", limit.plusSeconds(31))).isFalse();
  }

  @Test
  void aClaimOfAProcessThatIsSeenToLiveOutlivesAClockThatIsSet() {
    assertThat(cache.claim("key", "one", NOW)).isTrue();
    Instant limit = NOW.plus(JdbcStepCache.LIVING_CLAIM_LIFE);
    assertThat(cache.isTaken("key", limit)).isTrue();
    assertThat(cache.claim("key", "two", limit)).isFalse();
    assertThat(cache.isTaken("key", limit.plusSeconds(1))).isFalse();
    assertThat(cache.claim("key", "two", limit.plusSeconds(1))).isTrue();
    assertThat(cache.isTaken("another", limit)).isFalse();
  }

  /** Has all claims be of a process that cannot be seen from here. */
  private void elsewhere() {
    int unused =
        database.write(tx -> tx.update("UPDATE pipeline_claim SET process_space = 'elsewhere'"));
  }

  @Test
  void keepingAnOutputGivesUpTheClaimAndTheLatestOfAStepIsFound() {
    assertThat(cache.claim("a", "one", NOW)).isTrue();
    cache.putAll(List.of(new JdbcStepCache.Kept("a", entry(NOW, "first"), true)), "one");
    cache.put("b", entry(NOW.plusSeconds(1), "second"));
    assertThat(cache.claim("a", "two", NOW)).isTrue();
    assertThat(cache.find("a").orElseThrow()).isEqualTo(entry(NOW, "first"));
    assertThat(cache.latest("p", "s").orElseThrow().output()).isEqualTo("second");
    cache.put("b", entry(NOW.plusSeconds(2), "third"));
    assertThat(cache.find("b").orElseThrow().output()).isEqualTo("third");
    assertThat(cache.latest("p", "other")).isEmpty();
  }

  private static JdbcStepCache.Entry entry(Instant at, String output) {
    return new JdbcStepCache.Entry("p", "s", at, "", "{}", output, "run");
  }
}
