package dev.mlops4j.monitoring;

import dev.mlops4j.storage.Transaction;
import java.nio.ByteBuffer;
import java.sql.SQLException;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.Collection;
import java.util.HashMap;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.SortedMap;
import java.util.TreeMap;
import org.jspecify.annotations.Nullable;

/** Writes entries to the ledger of a model, in one transaction in which nobody else writes. */
final class JdbcEntries {

  static final long SECOND = 1_000_000;
  private static final double[] NO_VECTOR = {};

  private static final String INTO_PREDICTION =
      "INSERT INTO prediction (model, id, asked_at, known_at, version, vector, output, arm, nanos)"
          + " VALUES";

  private static final String PREDICTION = "(?, ?, ?, ?, ?, ?, ?, ?, ?)";
  private static final String LAST_KNOWN =
      " ORDER BY COALESCE(confirmed_at, known_at) DESC, place DESC LIMIT 1";

  private static final String UNLESS_THERE = "ON CONFLICT (model, id) DO NOTHING";

  private static final String INSERT_PREDICTION =
      INTO_PREDICTION + " " + PREDICTION + " " + UNLESS_THERE;

  /** By its id, as several monitors may hear of one request. */
  private static final String INSERT_FAILURE =
      "INSERT INTO failed_request (model, id, failed_at) VALUES (?, ?, ?) " + UNLESS_THERE;

  /** Of failures without an id that can be stored. */
  private static final String INSERT_FAILURES =
      "INSERT INTO failure (model, second, failures) VALUES (?, ?, ?)"
          + " ON CONFLICT (model, second) DO UPDATE SET"
          + " failures = failure.failures + excluded.failures";

  /**
   * Neither what was recorded with this time already nor what is known last already. The place is
   * the number of outcomes with this time that were there before, also by being said again.
   */
  private static final String INSERT_OUTCOME =
      "INSERT INTO outcome (model, id, known_at, place, value)"
          + " SELECT ?, ?, ?, (SELECT COUNT(*) FROM outcome WHERE model = ? AND id = ?"
          + " AND COALESCE(confirmed_at, known_at) = ?), ? WHERE NOT EXISTS (SELECT 1 FROM outcome WHERE model = ?"
          + " AND id = ? AND known_at = ? AND value = ?) AND COALESCE((SELECT value FROM outcome"
          + " WHERE model = ? AND id = ?"
          + LAST_KNOWN
          + ") <> ?, TRUE)";

  /** Since what is known last is known last: another value that was known before is older. */
  private static final String CONFIRM_OUTCOME =
      "UPDATE outcome SET confirmed_at = ? WHERE model = ? AND id = ? AND value = ?"
          + " AND COALESCE(confirmed_at, known_at) < ? AND (known_at, place) ="
          + " (SELECT known_at, place FROM outcome WHERE model = ? AND id = ?"
          + LAST_KNOWN
          + ")";

  /** Of the prediction that stayed, should there be two of the same id. */
  private static final String INSERT_REQUEST =
      "INSERT INTO logged_request (model, id, known_at, request, lookups) VALUES (?, ?, ?, ?, ?) "
          + UNLESS_THERE;

  private static final int ASKED_AT_ONCE = 64;

  private static final String ASKED_AT =
      "SELECT id, asked_at FROM prediction WHERE model = ? AND id IN (?"
          + ", ?".repeat(ASKED_AT_ONCE - 1)
          + ")";

  private final Transaction tx;
  private final long model;
  private final @Nullable JdbcFeatureCounts features;
  private final JdbcChangeMarks marks;

  /**
   * Nothing is written yet.
   *
   * @param features counts the features in place of the vectors, which are not kept; or null
   */
  JdbcEntries(Transaction tx, long model, @Nullable JdbcFeatureCounts features)
      throws SQLException {
    this.tx = tx;
    this.model = model;
    this.features = features;
    this.marks = JdbcChangeMarks.of(tx, model);
  }

  /**
   * Writes these, and marks the windows that they change.
   *
   * @return how many predictions were refused: asked before what retention has removed, or with an
   *     id that is too long
   */
  long write(List<LedgerEntry> entries) throws SQLException {
    List<LedgerEntry.Asked> asked = new ArrayList<>();
    List<LedgerEntry.Known> known = new ArrayList<>();
    List<LedgerEntry.Failed> failed = new ArrayList<>();
    for (LedgerEntry entry : entries) {
      if (entry instanceof LedgerEntry.Asked prediction) {
        asked.add(prediction);
      } else if (entry instanceof LedgerEntry.Known outcome) {
        known.add(outcome);
      } else if (entry instanceof LedgerEntry.Failed failure) {
        failed.add(failure);
      }
    }
    long offered = asked.size();
    if (!asked.isEmpty()) {
      long kept = JdbcRemoval.removedBefore(tx, model);
      // What a clock that was ahead has removed says nothing of what is asked now.
      asked.removeIf(
          p ->
              (p.askedAtMicros() < kept && kept <= p.knownAtMicros())
                  || !Recordable.isId(p.predictionId()));
      writeAsked(asked);
    }
    writeKnown(known);
    writeFailed(failed);
    marks.store();
    return offered - asked.size();
  }

  private void writeAsked(List<LedgerEntry.Asked> asked) throws SQLException {
    markNew(asked);
    JdbcFeatureCounts counting = features;
    if (counting == null) {
      tx.insert(
          INTO_PREDICTION,
          PREDICTION,
          UNLESS_THERE,
          asked.stream().map(entry -> row(entry, entry.vector())).toList());
    } else {
      counting.add(tx, model, insertWithoutVectors(asked));
    }
    List<@Nullable Object[]> requests = new ArrayList<>();
    for (LedgerEntry.Asked entry : asked) {
      FeatureLog.Logged logged = entry.logged();
      if (logged != null) {
        requests.add(row(entry, logged));
      }
    }
    if (!requests.isEmpty()) {
      tx.batch(INSERT_REQUEST, requests);
    }
  }

  /** Of late ones those that are not there yet, for only they change a window. */
  private void markNew(List<LedgerEntry.Asked> asked) throws SQLException {
    Map<String, Long> late = new HashMap<>();
    for (LedgerEntry.Asked entry : asked) {
      if (marks.isLate(entry.askedAtMicros())) {
        late.putIfAbsent(entry.predictionId(), entry.askedAtMicros());
      }
    }
    late.keySet().removeAll(askedAt(late.keySet()).keySet());
    late.values().forEach(marks::changed);
  }

  /** One by one, as only what was not there is to be counted; gives those. */
  private List<LedgerEntry.Asked> insertWithoutVectors(List<LedgerEntry.Asked> asked)
      throws SQLException {
    List<LedgerEntry.Asked> inserted = new ArrayList<>();
    for (LedgerEntry.Asked entry : asked) {
      if (tx.update(INSERT_PREDICTION, row(entry, NO_VECTOR)) == 1) {
        inserted.add(entry);
      }
    }
    return inserted;
  }

  /** Outcomes of one id stay in their order. */
  private void writeKnown(List<LedgerEntry.Known> known) throws SQLException {
    Set<String> ids = new LinkedHashSet<>();
    if (!marks.isIdle()) {
      known.forEach(outcome -> ids.add(outcome.predictionId()));
    }
    Map<String, Long> askedAt = askedAt(ids);
    for (List<LedgerEntry.Known> once : eachIdOnce(known)) {
      tx.batch(CONFIRM_OUTCOME, once.stream().map(this::confirmation).toList());
      insert(once, askedAt);
    }
  }

  /** What was said of an id first, then what was said second, and so on. */
  private static List<List<LedgerEntry.Known>> eachIdOnce(List<LedgerEntry.Known> known) {
    Map<String, Integer> times = new HashMap<>();
    List<List<LedgerEntry.Known>> rounds = new ArrayList<>();
    for (LedgerEntry.Known outcome : known) {
      int round = times.merge(outcome.predictionId(), 1, Integer::sum);
      if (round > rounds.size()) {
        rounds.add(new ArrayList<>());
      }
      rounds.get(round - 1).add(outcome);
    }
    return rounds;
  }

  private void insert(List<LedgerEntry.Known> known, Map<String, Long> askedAt)
      throws SQLException {
    List<@Nullable Object[]> inTime = new ArrayList<>();
    for (LedgerEntry.Known outcome : known) {
      Long at = askedAt.get(outcome.predictionId());
      if (at == null || !marks.isLate(at)) {
        inTime.add(row(outcome));
      } else if (tx.update(INSERT_OUTCOME, row(outcome)) == 1) {
        marks.changed(at);
      }
    }
    tx.batch(INSERT_OUTCOME, inTime);
  }

  private void writeFailed(List<LedgerEntry.Failed> failed) throws SQLException {
    List<@Nullable Object[]> requests = new ArrayList<>();
    SortedMap<Long, Long> seconds = new TreeMap<>();
    for (LedgerEntry.Failed failure : failed) {
      String id = failure.predictionId();
      if (id == null) {
        seconds.merge(Math.floorDiv(failure.atMicros(), SECOND), 1L, Long::sum);
      } else {
        requests.add(new Object[] {model, id, failure.atMicros()});
      }
    }
    tx.batch(INSERT_FAILURE, requests);
    for (Map.Entry<Long, Long> second : seconds.entrySet()) {
      tx.update(INSERT_FAILURES, model, second.getKey(), second.getValue());
    }
  }

  /** When those of these predictions were asked that are there. */
  private Map<String, Long> askedAt(Collection<String> ids) throws SQLException {
    Map<String, Long> found = new HashMap<>();
    List<String> left = new ArrayList<>(ids);
    for (int from = 0; from < left.size(); from += ASKED_AT_ONCE) {
      Object[] args = new Object[1 + ASKED_AT_ONCE];
      // What is left over repeats the first, so that there is one statement to prepare.
      Arrays.fill(args, left.get(from));
      args[0] = model;
      for (int i = 0; i < Math.min(ASKED_AT_ONCE, left.size() - from); i++) {
        args[1 + i] = left.get(from + i);
      }
      tx.scan(
          ASKED_AT,
          row -> {
            found.put(row.getString(1), row.getLong(2));
            return true;
          },
          args);
    }
    return found;
  }

  private @Nullable Object[] row(LedgerEntry.Asked asked, double[] vector) {
    return new @Nullable Object[] {
      model,
      asked.predictionId(),
      asked.askedAtMicros(),
      asked.knownAtMicros(),
      asked.version(),
      bytes(vector),
      bytes(asked.output()),
      asked.arm(),
      asked.nanos()
    };
  }

  private @Nullable Object[] row(LedgerEntry.Asked asked, FeatureLog.Logged logged) {
    return new @Nullable Object[] {
      model, asked.predictionId(), asked.knownAtMicros(), logged.request(), logged.lookups()
    };
  }

  private @Nullable Object[] row(LedgerEntry.Known known) {
    String id = known.predictionId();
    String value = known.value();
    long at = known.knownAtMicros();
    return new @Nullable Object[] {
      model, id, at, model, id, at, value, model, id, at, value, model, id, value
    };
  }

  private @Nullable Object[] confirmation(LedgerEntry.Known known) {
    String id = known.predictionId();
    long at = known.knownAtMicros();
    return new @Nullable Object[] {at, model, id, known.value(), at, model, id};
  }

  /** Eight bytes a double, as they are: also the bits of a NaN. */
  private static byte[] bytes(double[] numbers) {
    ByteBuffer buffer = ByteBuffer.allocate(numbers.length * Double.BYTES);
    for (double number : numbers) {
      buffer.putLong(Double.doubleToRawLongBits(number));
    }
    return buffer.array();
  }
}
