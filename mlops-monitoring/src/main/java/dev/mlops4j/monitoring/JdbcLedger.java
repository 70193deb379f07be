package dev.mlops4j.monitoring;

import dev.mlops4j.model.Prediction;
import dev.mlops4j.monitoring.JdbcMonitoringSchema.Model;
import dev.mlops4j.storage.RowMapper;
import dev.mlops4j.storage.Transaction;
import java.nio.ByteBuffer;
import java.sql.SQLException;
import java.util.ArrayList;
import java.util.Collection;
import java.util.List;
import java.util.Map;
import java.util.OptionalLong;
import java.util.SortedMap;
import java.util.TreeMap;
import org.jspecify.annotations.Nullable;

/** The ledger in a SQL database. */
final class JdbcLedger implements Ledger {

  private static final long SECOND = 1_000_000;
  private static final double[] NO_VECTOR = {};

  private static final String INTO_PREDICTION =
      "INSERT INTO prediction (model, id, asked_at, known_at, version, vector, output, arm, nanos)"
          + " VALUES";

  private static final String PREDICTION = "(?, ?, ?, ?, ?, ?, ?, ?, ?)";
  private static final String UNLESS_THERE = "ON CONFLICT (model, id) DO NOTHING";

  private static final String INSERT_PREDICTION =
      INTO_PREDICTION + " " + PREDICTION + " " + UNLESS_THERE;

  /** A second is short enough for every window, and long enough not to have a row a failure. */
  private static final String INSERT_FAILURES =
      "INSERT INTO failure (model, second, failures) VALUES (?, ?, ?)"
          + " ON CONFLICT (model, second) DO UPDATE SET"
          + " failures = failure.failures + excluded.failures";

  /**
   * Neither what was recorded with this time already nor what is known last already. The place is
   * the number of outcomes with this time that were there before.
   */
  private static final String INSERT_OUTCOME =
      "INSERT INTO outcome (model, id, known_at, place, value)"
          + " SELECT ?, ?, ?, (SELECT COUNT(*) FROM outcome WHERE model = ? AND id = ?"
          + " AND known_at = ?), ? WHERE NOT EXISTS (SELECT 1 FROM outcome WHERE model = ?"
          + " AND id = ? AND known_at = ? AND value = ?) AND COALESCE((SELECT value FROM outcome"
          + " WHERE model = ? AND id = ? ORDER BY known_at DESC, place DESC LIMIT 1) <> ?, TRUE)";

  private static final String SCAN =
      "SELECT p.id, p.asked_at, p.known_at, p.version, p.vector, p.output,"
          + " (SELECT o.value FROM outcome o WHERE o.model = p.model AND o.id = p.id"
          + " ORDER BY o.known_at DESC, o.place DESC LIMIT 1), p.arm, p.nanos"
          + " FROM prediction p WHERE p.model = ? AND p.asked_at >= ? AND p.asked_at < ?"
          + " ORDER BY p.asked_at, p.id";

  /** Of the prediction that stayed, should there be two of the same id. */
  private static final String INSERT_REQUEST =
      "INSERT INTO logged_request (model, id, known_at, request, lookups) VALUES (?, ?, ?, ?, ?)"
          + " ON CONFLICT (model, id) DO NOTHING";

  private static final String SCAN_LOGGED =
      "SELECT p.id, p.asked_at, p.version, p.vector, r.request, r.lookups FROM prediction p"
          + " JOIN logged_request r ON r.model = p.model AND r.id = p.id"
          + " AND r.known_at = p.known_at"
          + " WHERE p.model = ? AND p.asked_at >= ? AND p.asked_at < ? ORDER BY p.asked_at, p.id";

  private final Model model;
  private final @Nullable JdbcChangeMarks marks;
  private final @Nullable JdbcFeatureCounts features;

  /** Without a mark on windows that change after they were due. */
  JdbcLedger(Model model) {
    this(model, null, null);
  }

  /**
   * A ledger.
   *
   * @param features counts the features in place of the vectors, which are not kept; or null
   */
  JdbcLedger(Model model, @Nullable JdbcChangeMarks marks, @Nullable JdbcFeatureCounts features) {
    this.model = model;
    this.marks = marks;
    this.features = features;
  }

  @Override
  public void write(List<LedgerEntry> entries) {
    model.write(
        (tx, number) -> {
          List<@Nullable Object[]> predictions = new ArrayList<>();
          List<@Nullable Object[]> requests = new ArrayList<>();
          List<@Nullable Object[]> outcomes = new ArrayList<>();
          SortedMap<Long, Long> failures = new TreeMap<>();
          for (LedgerEntry entry : entries) {
            if (entry instanceof LedgerEntry.Asked asked) {
              predictions.add(row(number, asked, asked.prediction().vector()));
              FeatureLog.Logged logged = asked.logged();
              if (logged != null) {
                requests.add(row(number, asked, logged));
              }
            } else if (entry instanceof LedgerEntry.Known known) {
              outcomes.add(row(number, known));
            } else if (entry instanceof LedgerEntry.Failed failed) {
              failures.merge(Math.floorDiv(failed.atMicros(), SECOND), 1L, Long::sum);
            }
          }
          JdbcFeatureCounts counting = features;
          if (counting == null) {
            tx.insert(INTO_PREDICTION, PREDICTION, UNLESS_THERE, predictions);
          } else {
            counting.add(tx, number, insertWithoutVectors(tx, number, entries));
          }
          if (!requests.isEmpty()) {
            tx.batch(INSERT_REQUEST, requests);
          }
          for (Map.Entry<Long, Long> second : failures.entrySet()) {
            tx.update(INSERT_FAILURES, number, second.getKey(), second.getValue());
          }
          int changed = tx.batch(INSERT_OUTCOME, outcomes);
          JdbcChangeMarks marking = marks;
          if (marking != null) {
            marking.mark(tx, number, entries);
          }
          return changed;
        });
  }

  @Override
  public void completeFeatures(Reference reference, int version, long period, PeriodCounts counts) {
    JdbcFeatureCounts counted = features;
    if (counted != null) {
      counted.replace(model, reference, version, period, counts);
    }
  }

  @Override
  public long uncountedFeatures() {
    JdbcFeatureCounts counted = features;
    return counted == null ? 0 : counted.uncounted();
  }

  @Override
  public boolean holds(String text) {
    return model.database().dialect().holds(text);
  }

  @Override
  public long predictionCount() {
    return number("SELECT COUNT(*) FROM prediction WHERE model = ?").orElse(0);
  }

  @Override
  public OptionalLong nextAskedAt(long fromMicros) {
    return number(
        "SELECT MIN(asked_at) FROM prediction WHERE model = ? AND asked_at >= ?", fromMicros);
  }

  @Override
  public OptionalLong lastAskedAt() {
    return number("SELECT MAX(asked_at) FROM prediction WHERE model = ?");
  }

  @Override
  public long outcomesWithoutPrediction() {
    return number(
            "SELECT COUNT(DISTINCT o.id) FROM outcome o WHERE o.model = ? AND NOT EXISTS"
                + " (SELECT 1 FROM prediction p WHERE p.model = o.model AND p.id = o.id)")
        .orElse(0);
  }

  @Override
  public boolean asked(long fromMicros, long toMicros) {
    return model.read(
        (tx, number) ->
            tx.first(
                    "SELECT 1 FROM prediction WHERE model = ? AND asked_at >= ? AND asked_at < ?"
                        + " LIMIT 1",
                    row -> true,
                    number,
                    fromMicros,
                    toMicros)
                .isPresent());
  }

  @Override
  public List<VersionCount> versions(long fromMicros, long toMicros) {
    return model.read(
        (tx, number) ->
            tx.query(
                "SELECT version, COUNT(*) FROM prediction WHERE model = ? AND asked_at >= ?"
                    + " AND asked_at < ? GROUP BY version ORDER BY version",
                row -> new VersionCount(row.getInt(1), row.getLong(2)),
                number,
                fromMicros,
                toMicros));
  }

  @Override
  public void scan(long fromMicros, long toMicros, Visitor visitor) {
    model.read(
        (tx, number) -> {
          tx.scan(
              SCAN,
              row -> {
                String arm = row.getString(8);
                visitor.visit(
                    new LedgerRow(
                        row.getString(1),
                        row.getLong(2),
                        row.getLong(3),
                        row.getInt(4),
                        doubles(row.getBytes(5)),
                        doubles(row.getBytes(6)),
                        row.getString(7),
                        arm == null ? Prediction.CHAMPION : arm,
                        row.getLong(9)));
                return true;
              },
              number,
              fromMicros,
              toMicros);
          return true;
        });
  }

  @Override
  public void scanLogged(long fromMicros, long toMicros, LoggedVisitor visitor) {
    model.read(
        (tx, number) -> {
          tx.scan(
              SCAN_LOGGED,
              row -> {
                visitor.visit(
                    row.getString(1),
                    row.getLong(2),
                    row.getInt(3),
                    doubles(row.getBytes(4)),
                    new FeatureLog.Logged(row.getBytes(5), row.getBytes(6)));
                return true;
              },
              number,
              fromMicros,
              toMicros);
          return true;
        });
  }

  @Override
  public long failures(long fromMicros, long toMicros) {
    return number(
            "SELECT SUM(failures) FROM failure WHERE model = ? AND second >= ? AND second < ?",
            Math.floorDiv(fromMicros, SECOND),
            Math.floorDiv(toMicros, SECOND))
        .orElse(0);
  }

  @Override
  public SortedMap<Long, Long> changes(long lengthMicros) {
    return model.read(
        (tx, number) -> {
          SortedMap<Long, Long> changes = new TreeMap<>();
          tx.scan(
              "SELECT period, changes FROM changed_window WHERE model = ? AND length = ?",
              row -> {
                changes.put(row.getLong(1), row.getLong(2));
                return true;
              },
              number,
              lengthMicros);
          return changes;
        });
  }

  @Override
  public long erase(Collection<String> ids) {
    return new JdbcRemoval(model).erase(ids);
  }

  @Override
  public long removeBefore(long micros) {
    return new JdbcRemoval(model).before(micros);
  }

  private OptionalLong number(String sql, Object... more) {
    RowMapper<OptionalLong> mapper =
        row -> {
          long value = row.getLong(1);
          return row.wasNull() ? OptionalLong.empty() : OptionalLong.of(value);
        };
    return model.read(
        (tx, number) -> {
          @Nullable Object[] args = new @Nullable Object[more.length + 1];
          args[0] = number;
          System.arraycopy(more, 0, args, 1, more.length);
          return tx.first(sql, mapper, args).orElse(OptionalLong.empty());
        });
  }

  /** One by one, as only what was not there is to be counted; gives those. */
  private static List<LedgerEntry.Asked> insertWithoutVectors(
      Transaction tx, long number, List<LedgerEntry> entries) throws SQLException {
    List<LedgerEntry.Asked> inserted = new ArrayList<>();
    for (LedgerEntry entry : entries) {
      if (entry instanceof LedgerEntry.Asked asked
          && tx.update(INSERT_PREDICTION, row(number, asked, NO_VECTOR)) == 1) {
        inserted.add(asked);
      }
    }
    return inserted;
  }

  private static @Nullable Object[] row(long model, LedgerEntry.Asked asked, double[] vector) {
    Prediction prediction = asked.prediction();
    return new @Nullable Object[] {
      model,
      prediction.id(),
      asked.askedAtMicros(),
      asked.knownAtMicros(),
      prediction.version(),
      bytes(vector),
      bytes(prediction.output()),
      prediction.arm(),
      prediction.nanos()
    };
  }

  private static @Nullable Object[] row(
      long model, LedgerEntry.Asked asked, FeatureLog.Logged logged) {
    return new @Nullable Object[] {
      model, asked.prediction().id(), asked.knownAtMicros(), logged.request(), logged.lookups()
    };
  }

  private static @Nullable Object[] row(long model, LedgerEntry.Known known) {
    String id = known.predictionId();
    String value = known.value();
    long at = known.knownAtMicros();
    return new @Nullable Object[] {
      model, id, at, model, id, at, value, model, id, at, value, model, id, value
    };
  }

  /** Eight bytes a double, as they are: also the bits of a NaN. */
  private static byte[] bytes(double[] numbers) {
    ByteBuffer buffer = ByteBuffer.allocate(numbers.length * Double.BYTES);
    for (double number : numbers) {
      buffer.putLong(Double.doubleToRawLongBits(number));
    }
    return buffer.array();
  }

  private static double[] doubles(byte[] bytes) {
    ByteBuffer buffer = ByteBuffer.wrap(bytes);
    double[] numbers = new double[bytes.length / Double.BYTES];
    for (int i = 0; i < numbers.length; i++) {
      numbers[i] = Double.longBitsToDouble(buffer.getLong());
    }
    return numbers;
  }
}
