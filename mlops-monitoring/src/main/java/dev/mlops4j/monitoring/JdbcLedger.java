package dev.mlops4j.monitoring;

import dev.mlops4j.model.Prediction;
import dev.mlops4j.monitoring.JdbcMonitoringSchema.Model;
import dev.mlops4j.storage.ConstraintViolationException;
import dev.mlops4j.storage.StorageException;
import java.nio.ByteBuffer;
import java.sql.SQLException;
import java.util.Collection;
import java.util.List;
import java.util.OptionalLong;
import java.util.SortedMap;
import java.util.TreeMap;
import java.util.concurrent.atomic.LongAdder;
import java.util.function.LongConsumer;
import java.util.stream.LongStream;
import org.jspecify.annotations.Nullable;

/** The ledger in a SQL database. */
final class JdbcLedger implements Ledger {

  private static final String SCAN =
      "SELECT p.id, p.asked_at, p.known_at, p.version, p.vector, p.output,"
          + " (SELECT o.value FROM outcome o WHERE o.model = p.model AND o.id = p.id"
          + " ORDER BY COALESCE(o.confirmed_at, o.known_at) DESC, o.place DESC LIMIT 1), p.arm, p.nanos"
          + " FROM prediction p WHERE p.model = ? AND p.asked_at >= ? AND p.asked_at < ?"
          + " ORDER BY p.asked_at, p.id";

  private static final String SCAN_LOGGED =
      "SELECT p.id, p.asked_at, p.version, p.vector, r.request, r.lookups FROM prediction p"
          + " JOIN logged_request r ON r.model = p.model AND r.id = p.id"
          + " AND r.known_at = p.known_at"
          + " WHERE p.model = ? AND p.asked_at >= ? AND p.asked_at < ? ORDER BY p.asked_at, p.id";

  private final Model model;
  private final @Nullable JdbcFeatureCounts features;
  private final LongAdder refused = new LongAdder();

  /** A ledger that keeps vectors. */
  JdbcLedger(Model model) {
    this(model, null);
  }

  /**
   * A ledger.
   *
   * @param features counts the features in place of the vectors, which are not kept; or null
   */
  JdbcLedger(Model model, @Nullable JdbcFeatureCounts features) {
    this.model = model;
    this.features = features;
  }

  @Override
  public void write(List<LedgerEntry> entries) {
    refused.add(model.write((tx, number) -> new JdbcEntries(tx, number, features).write(entries)));
  }

  /**
   * A constraint, a value that a column cannot hold or a limit, such as that of an index. SQLite
   * has only the first.
   */
  @Override
  public boolean isRefusal(Throwable failure) {
    return failure instanceof ConstraintViolationException
        || (failure instanceof StorageException
            && failure.getCause() instanceof SQLException cause
            && cause.getSQLState() != null
            && (cause.getSQLState().startsWith("22") || cause.getSQLState().startsWith("54")));
  }

  @Override
  public long refused() {
    return refused.sum();
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
    return model.number("SELECT COUNT(*) FROM prediction WHERE model = ?").orElse(0);
  }

  @Override
  public OptionalLong nextRequestAt(long fromMicros) {
    return LongStream.of(
            model
                .number(
                    "SELECT MIN(asked_at) FROM prediction WHERE model = ? AND asked_at >= ?",
                    fromMicros)
                .orElse(Long.MAX_VALUE),
            model
                .number(
                    "SELECT MIN(failed_at) FROM failed_request WHERE model = ? AND failed_at >= ?",
                    fromMicros)
                .orElse(Long.MAX_VALUE),
            model
                .number(
                    "SELECT MIN(second) FROM failure WHERE model = ? AND second >= ?",
                    Math.floorDiv(fromMicros, JdbcEntries.SECOND))
                .stream()
                .map(second -> Math.max(fromMicros, second * JdbcEntries.SECOND))
                .findFirst()
                .orElse(Long.MAX_VALUE))
        .filter(at -> at != Long.MAX_VALUE)
        .min();
  }

  @Override
  public OptionalLong lastAskedAt() {
    return model.number("SELECT MAX(asked_at) FROM prediction WHERE model = ?");
  }

  @Override
  public long outcomesWithoutPrediction() {
    return model
        .number(
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
  public void scanNanos(long fromMicros, long toMicros, LongConsumer visitor) {
    model.read(
        (tx, number) -> {
          tx.scan(
              "SELECT nanos FROM prediction WHERE model = ? AND asked_at >= ? AND asked_at < ?"
                  + " AND nanos > 0",
              row -> {
                visitor.accept(row.getLong(1));
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
    return model
            .number(
                "SELECT SUM(failures) FROM failure WHERE model = ? AND second >= ? AND second < ?",
                Math.floorDiv(fromMicros, JdbcEntries.SECOND),
                Math.floorDiv(toMicros, JdbcEntries.SECOND))
            .orElse(0)
        + model
            .number(
                "SELECT COUNT(*) FROM failed_request WHERE model = ? AND failed_at >= ?"
                    + " AND failed_at < ?",
                fromMicros,
                toMicros)
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
  public long eraseStartingWith(String prefix) {
    return new JdbcRemoval(model).startingWith(prefix);
  }

  @Override
  public long removeBefore(long micros) {
    return new JdbcRemoval(model).before(micros);
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
