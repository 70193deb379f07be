package dev.mlops4j.monitoring;

import dev.mlops4j.model.Prediction;
import dev.mlops4j.monitoring.JdbcMonitoringSchema.Model;
import dev.mlops4j.storage.RowMapper;
import java.nio.ByteBuffer;
import java.util.ArrayList;
import java.util.List;
import java.util.OptionalLong;
import org.jspecify.annotations.Nullable;

/** The ledger in a SQL database. */
final class JdbcLedger implements Ledger {

  private static final String INSERT_PREDICTION =
      "INSERT INTO prediction (model, id, asked_at, known_at, version, vector, output)"
          + " VALUES (?, ?, ?, ?, ?, ?, ?) ON CONFLICT (model, id) DO NOTHING";

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
          + " ORDER BY o.known_at DESC, o.place DESC LIMIT 1)"
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

  JdbcLedger(Model model) {
    this.model = model;
  }

  @Override
  public void write(List<LedgerEntry> entries) {
    model.write(
        (tx, number) -> {
          List<@Nullable Object[]> predictions = new ArrayList<>();
          List<@Nullable Object[]> requests = new ArrayList<>();
          List<@Nullable Object[]> outcomes = new ArrayList<>();
          for (LedgerEntry entry : entries) {
            if (entry instanceof LedgerEntry.Asked asked) {
              predictions.add(row(number, asked));
              FeatureLog.Logged logged = asked.logged();
              if (logged != null) {
                requests.add(row(number, asked, logged));
              }
            } else if (entry instanceof LedgerEntry.Known known) {
              outcomes.add(row(number, known));
            }
          }
          tx.batch(INSERT_PREDICTION, predictions);
          if (!requests.isEmpty()) {
            tx.batch(INSERT_REQUEST, requests);
          }
          return tx.batch(INSERT_OUTCOME, outcomes);
        });
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
                visitor.visit(
                    row.getString(1),
                    row.getLong(2),
                    row.getLong(3),
                    row.getInt(4),
                    doubles(row.getBytes(5)),
                    doubles(row.getBytes(6)),
                    row.getString(7));
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

  private static @Nullable Object[] row(long model, LedgerEntry.Asked asked) {
    Prediction prediction = asked.prediction();
    return new @Nullable Object[] {
      model,
      prediction.id(),
      asked.askedAtMicros(),
      asked.knownAtMicros(),
      prediction.version(),
      bytes(prediction.vector()),
      bytes(prediction.output())
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
