package dev.mlops4j.feature;

import static dev.mlops4j.data.ColumnType.INT64;
import static dev.mlops4j.data.ColumnType.TIMESTAMP;
import static dev.mlops4j.feature.Aggregation.count;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.mlops4j.MlopsException;
import dev.mlops4j.data.Dataset;
import dev.mlops4j.data.DatasetBuilder;
import dev.mlops4j.data.RowSource;
import dev.mlops4j.data.Schema;
import dev.mlops4j.workspace.Workspace;
import java.nio.file.Path;
import java.sql.Connection;
import java.sql.DriverManager;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.sql.Statement;
import java.time.Duration;
import java.time.Instant;
import java.util.HexFormat;
import java.util.TreeSet;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.stream.LongStream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** A step of a materialization that is written in several transactions. */
@Timeout(value = 120, threadMode = Timeout.ThreadMode.SEPARATE_THREAD)
class LargeStepTest {

  private static final int KEYS = 40;
  private static final int EVENTS = 3_000;
  private static final long REFUSED = 30;
  private static final Instant START = Instant.parse("2013-01-01T00:00:00Z");
  private static final Instant END = START.plus(Duration.ofHours(1));

  private static final Schema SCHEMA =
      Schema.builder().required("gate", INT64).required("time", TIMESTAMP).build();

  private static final FeatureView VIEW =
      FeatureView.named("boardings")
          .key("gate", INT64)
          .eventTime("time")
          .feature("boarded_3h", count().over(Duration.ofHours(3)))
          .build();

  /** The keys take turns, so each batch has events of all. */
  private static final RowSource BOARDINGS =
      (from, to, batches) -> {
        for (int begin = 0; begin < EVENTS; begin += EVENTS / 4) {
          DatasetBuilder rows = Dataset.builder(SCHEMA);
          for (int event = begin; event < begin + EVENTS / 4; event++) {
            for (long key = 0; key < KEYS; key++) {
              rows.add(key, START.plusSeconds(event));
            }
          }
          batches.accept(rows.build());
        }
      };

  @TempDir private Path directory;

  @ParameterizedTest
  @ValueSource(booleans = {false, true})
  void aPartThatCannotBeWrittenLeavesTheWholeKeysBeforeIt(boolean online) throws SQLException {
    try (Workspace workspace = workspace();
        FeatureStore features = store(workspace, online)) {
      features.register(VIEW);
      execute(
          "CREATE TRIGGER refuse BEFORE INSERT ON feature_event WHEN NEW.place > x'"
              + HexFormat.of().formatHex(place(REFUSED))
              + "' BEGIN SELECT RAISE(ABORT, 'the disk is full'); END");

      assertThatThrownBy(() -> features.materialize(VIEW, START, END))
          .isInstanceOf(MlopsException.class)
          .hasMessageContaining("the disk is full");

      assertThat(features.views().get(0).materialized()).isNull();
      long[] there = keysThere(features);
      assertThat(there).as("some parts").isNotEmpty();
      assertThat(there).isEqualTo(LongStream.range(0, there.length).toArray());
      assertThat(there.length).isLessThanOrEqualTo((int) REFUSED);

      execute("DROP TRIGGER refuse");
      Materialized done = features.materialize(VIEW, START, END);

      assertThat(done.added()).isEqualTo((KEYS - there.length) * (long) EVENTS);
      assertThat(keysThere(features)).hasSize(KEYS);
      assertThat(features.views().get(0).events()).isEqualTo((long) KEYS * EVENTS);
      assertThat(features.views().get(0).materialized()).isEqualTo(END);
    }
  }

  @Test
  void aReaderSeesAllEventsOfAKeyOrNone() throws Exception {
    ExecutorService reader = Executors.newSingleThreadExecutor();
    AtomicBoolean written = new AtomicBoolean();
    try (Workspace writing = workspace();
        Workspace reading = workspace();
        FeatureStore features = store(writing, false);
        FeatureStore others = store(reading, false)) {
      features.register(VIEW);
      Future<TreeSet<Long>> seen =
          reader.submit(
              () -> {
                TreeSet<Long> counts = new TreeSet<>();
                do {
                  for (long key = 0; key < KEYS; key++) {
                    counts.add(boarded(others, key));
                  }
                } while (!written.get());
                return counts;
              });

      features.materialize(VIEW, START, END);
      written.set(true);

      assertThat(seen.get()).isSubsetOf(0L, (long) EVENTS);
      assertThat(keysThere(others)).hasSize(KEYS);
    } finally {
      reader.shutdownNow();
    }
  }

  /** The keys with events, all of theirs. */
  private static long[] keysThere(FeatureStore features) {
    return LongStream.range(0, KEYS)
        .filter(
            key -> {
              long boarded = boarded(features, key);
              assertThat(boarded).as("events of gate %d", key).isIn(0L, (long) EVENTS);
              return boarded > 0;
            })
        .toArray();
  }

  private static long boarded(FeatureStore features, long key) {
    Object value = features.get(VIEW, EntityKey.of(VIEW, key), END).value("boarded_3h");
    return (Long) value;
  }

  private byte[] place(long key) throws SQLException {
    try (Connection connection = connection();
        Statement statement = connection.createStatement();
        ResultSet row = statement.executeQuery("SELECT number FROM feature_view")) {
      row.next();
      return EventPlace.ofKey(row.getLong(1), EntityKey.of(VIEW, key).toBytes());
    }
  }

  private void execute(String sql) throws SQLException {
    try (Connection connection = connection();
        Statement statement = connection.createStatement()) {
      statement.execute(sql);
    }
  }

  private Connection connection() throws SQLException {
    return DriverManager.getConnection("jdbc:sqlite:" + directory.resolve("features.db"));
  }

  private Workspace workspace() {
    return Workspace.at(directory).clock(() -> END).open();
  }

  private static FeatureStore store(Workspace workspace, boolean online) {
    FeatureStore.Builder store = FeatureStore.builder(workspace).source(VIEW, BOARDINGS);
    return (online ? store.online(new InMemoryOnlineStore()) : store).open();
  }
}
