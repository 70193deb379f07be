package dev.mlops4j.feature;

import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.function.Function;
import org.jspecify.annotations.Nullable;

/**
 * Computes requests once more as a training set would, each as of the moment it was asked, over the
 * history as it was when this was made; see {@link FeatureStore#replay}. Safe for any number of
 * threads if the functions of the set are. Whoever made it closes it: what the history takes beyond
 * memory lies in temporary files until then.
 *
 * @param <T> the requests
 */
public final class Replay<T> implements AutoCloseable {

  private final FeatureSet<T> set;
  private final Instant asOf;
  private final List<PointInTimeJoin.Answerer> answerers;
  private final EventIndexes events;
  private volatile boolean closed;

  Replay(
      FeatureSet<T> set,
      Instant asOf,
      Function<SetLookup<T>, PointInTimeJoin.Answerer> pointInTime,
      EventIndexes events) {
    this.set = set;
    this.asOf = asOf;
    this.answerers = set.lookups().stream().map(pointInTime).toList();
    this.events = events;
  }

  /**
   * The vectors of these requests, in their order. A request is of the moment that the set states
   * for it, of the one given if the set states none, and of this replay's making at the latest. One
   * that cannot be computed does not keep the others from it.
   *
   * @param vectorizer of the set of this replay
   * @param askedAt a moment a request
   * @throws IllegalArgumentException if there are not as many moments as requests, or the
   *     vectorizer is of another set
   * @throws IllegalStateException if the replay is closed
   * @throws HistoryOnDiskException if the files of the history cannot be read
   */
  public List<Replayed> vectors(
      Vectorizer<T> vectorizer, List<? extends T> requests, List<Instant> askedAt) {
    if (requests.size() != askedAt.size()) {
      throw new IllegalArgumentException(
          requests.size() + " requests need as many moments, found " + askedAt.size());
    }
    if (vectorizer.featureSet() != set) {
      throw new IllegalArgumentException(
          "the vectorizer is of another feature set than the replay of \"" + set.name() + "\"");
    }
    if (closed) {
      throw new IllegalStateException("the replay is closed; use it before it is closed");
    }
    List<Row<T>> rows = new ArrayList<>(requests.size());
    for (int i = 0; i < requests.size(); i++) {
      rows.add(row(requests.get(i), askedAt.get(i)));
    }
    for (int i = 0; i < answerers.size(); i++) {
      lookUp(i, rows);
    }
    return rows.stream().map(row -> replayed(vectorizer, row)).toList();
  }

  /**
   * Deletes the files that the history takes, if it takes some; there are no more vectors then.
   * Closing twice does nothing.
   *
   * @throws HistoryOnDiskException if a file cannot be deleted
   */
  @Override
  public void close() {
    closed = true;
    events.close();
  }

  private Row<T> row(T request, Instant given) {
    Row<T> row = new Row<>(request, given, new FeatureValues[answerers.size()]);
    try {
      row.askedAt = set.askedAt(request).orElse(given);
    } catch (RuntimeException e) {
      row.failure = e;
    }
    return row;
  }

  private void lookUp(int lookup, List<Row<T>> rows) {
    List<Row<T>> asked = new ArrayList<>(rows.size());
    @Nullable EntityKey[] keys = new @Nullable EntityKey[rows.size()];
    long[] times = new long[rows.size()];
    SetLookup<T> of = set.lookups().get(lookup);
    for (Row<T> row : rows) {
      if (row.failure == null) {
        try {
          keys[asked.size()] = set.key(of, row.request);
          times[asked.size()] = Micros.asked(of.view(), Micros.capped(row.askedAt, asOf));
          asked.add(row);
        } catch (RuntimeException e) {
          row.failure = e;
        }
      }
    }
    try {
      answer(lookup, asked, keys, times, 0, asked.size());
    } catch (HistoryOnDiskException e) {
      throw e;
    } catch (RuntimeException e) {
      // One row's failure is every row's; alone, each has its own.
      for (int i = 0; i < asked.size(); i++) {
        try {
          answer(lookup, asked, keys, times, i, i + 1);
        } catch (HistoryOnDiskException ofAll) {
          throw ofAll;
        } catch (RuntimeException own) {
          asked.get(i).failure = own;
        }
      }
    }
  }

  private void answer(
      int lookup, List<Row<T>> asked, @Nullable EntityKey[] keys, long[] times, int from, int to) {
    @Nullable EntityKey[] theseKeys = new @Nullable EntityKey[to - from];
    long[] theseTimes = new long[to - from];
    System.arraycopy(keys, from, theseKeys, 0, to - from);
    System.arraycopy(times, from, theseTimes, 0, to - from);
    PointInTimeAnswers answers = answerers.get(lookup).answer(theseKeys, theseTimes, true);
    for (int i = from; i < to; i++) {
      asked.get(i).lookedUp[lookup] = answers.values(i - from);
    }
  }

  private Replayed replayed(Vectorizer<T> vectorizer, Row<T> row) {
    RuntimeException failure = row.failure;
    if (failure == null) {
      try {
        double[] vector = vectorizer.vector(row.request, row.lookedUp);
        return new Replayed(row.askedAt, vector, set, row.lookedUp, null);
      } catch (RuntimeException e) {
        failure = e;
      }
    }
    return new Replayed(row.askedAt, new double[0], set, new FeatureValues[0], failure);
  }

  private static final class Row<T> {

    private final T request;
    private final FeatureValues[] lookedUp;
    private Instant askedAt;
    private @Nullable RuntimeException failure;

    Row(T request, Instant askedAt, FeatureValues[] lookedUp) {
      this.request = request;
      this.askedAt = askedAt;
      this.lookedUp = lookedUp;
    }
  }
}
