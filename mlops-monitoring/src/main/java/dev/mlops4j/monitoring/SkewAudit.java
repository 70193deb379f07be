package dev.mlops4j.monitoring;

import dev.mlops4j.data.RecordCodec;
import dev.mlops4j.data.Timestamps;
import dev.mlops4j.feature.FeatureSet;
import dev.mlops4j.feature.FeatureStore;
import dev.mlops4j.feature.Replay;
import dev.mlops4j.model.ServedLookup;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.function.Function;
import org.jspecify.annotations.Nullable;

/**
 * The settings of a {@link SkewReport}. Not safe for use by several threads.
 *
 * @param <T> the requests
 */
public final class SkewAudit<T> {

  /** How many predictions are compared at most unless stated. */
  public static final int DEFAULT_MOST = 100_000;

  /** How many examples a feature has at most unless stated. */
  public static final int DEFAULT_EXAMPLES = 5;

  private final Monitor<T, ?> monitor;
  private final FeatureSet<T> set;
  private final FeatureStore store;
  private @Nullable Instant from;
  private @Nullable Instant to;
  private @Nullable Function<? super String, ? extends @Nullable T> requests;
  private int most = DEFAULT_MOST;
  private int examples = DEFAULT_EXAMPLES;

  SkewAudit(Monitor<T, ?> monitor, FeatureSet<T> set, FeatureStore store) {
    this.monitor = monitor;
    this.set = set;
    this.store = store;
  }

  /** Of which predictions: those asked in {@code [from, to)}. */
  public SkewAudit<T> between(Instant from, Instant to) {
    this.from = from;
    this.to = to;
    return this;
  }

  /**
   * The requests by the ids of their predictions, or null for one that is not to be compared; in
   * place of those in the feature log, and with them all predictions in the ledger can be compared.
   * It must not use the monitor. Which events were served is not known then.
   */
  public SkewAudit<T> requests(Function<? super String, ? extends @Nullable T> requests) {
    this.requests = requests;
    return this;
  }

  /** How many predictions are compared at most, the first ones; they are held in memory. */
  public SkewAudit<T> atMost(int most) {
    this.most = most;
    return this;
  }

  /** How many examples a feature has at most. */
  public SkewAudit<T> examples(int examples) {
    this.examples = examples;
    return this;
  }

  /**
   * The report. Flushes the monitor first. Holds the whole history of every view of the set
   * meanwhile, in memory or beyond it in temporary files, as a training set does.
   *
   * @throws MonitorConfigurationException with all that is wrong, such as a set whose requests
   *     cannot be in the ledger, without {@link #requests}
   * @throws MonitoringException if the ledger cannot be written
   * @throws dev.mlops4j.feature.NoSuchFeatureViewException if the store does not have a view
   */
  public SkewReport run() {
    Instant first = from;
    Instant end = to;
    List<String> problems = problems();
    if (first == null || end == null || !problems.isEmpty()) {
      throw new MonitorConfigurationException(
          "the skew report of \"" + monitor.model() + "\"", problems);
    }
    monitor.flush();
    Replays<T> replays;
    try (Replay<T> replay = store.replay(set)) {
      replays = new Replays<>(set, replay, monitor::signature, examples);
      List<Served<T>> served = new ArrayList<>();
      read(Timestamps.toMicros(first), Timestamps.toMicros(end), served, replays);
      replays.compare(served);
    }
    long asked = monitor.ledger().count(Timestamps.toMicros(first), Timestamps.toMicros(end));
    return new SkewReport(
        monitor.model(),
        set.name(),
        first,
        end,
        asked,
        replays.compared(),
        replays.moved(),
        replays.features(),
        replays.notReplayed());
  }

  private void read(long first, long end, List<Served<T>> served, Replays<T> replays) {
    Function<? super String, ? extends @Nullable T> given = requests;
    if (given != null) {
      monitor
          .ledger()
          .scan(
              first,
              end,
              row ->
                  add(
                      served,
                      replays,
                      row.id(),
                      row.askedAt(),
                      row.version(),
                      row.vector(),
                      () -> given.apply(row.id()),
                      null));
    } else {
      RecordCodec<T> codec = set.codec().orElseThrow();
      monitor
          .ledger()
          .scanLogged(
              first,
              end,
              (id, askedAt, version, vector, logged) ->
                  add(
                      served,
                      replays,
                      id,
                      askedAt,
                      version,
                      vector,
                      () -> codec.read(RequestBytes.row(codec.schema(), logged.request())),
                      logged.lookups()));
    }
  }

  private void add(
      List<Served<T>> served,
      Replays<T> replays,
      String id,
      long askedAt,
      int version,
      double[] vector,
      Source<T> source,
      byte @Nullable [] lookupBytes) {
    if (served.size() == most) {
      replays.pass("there are more than atMost(" + most + ")", id);
      return;
    }
    T request;
    List<ServedLookup> lookups;
    try {
      request = source.get();
      lookups = LookupBytes.read(lookupBytes);
    } catch (RuntimeException e) {
      replays.pass("its request cannot be read: " + Replays.reason(e), id);
      return;
    }
    if (request == null) {
      replays.pass("no request was given for it", id);
    } else {
      served.add(
          new Served<>(id, Timestamps.fromMicros(askedAt), version, vector, request, lookups));
    }
  }

  private List<String> problems() {
    List<String> problems = new ArrayList<>();
    if (from == null || to == null) {
      problems.add("between(from, to) is missing: say which predictions are compared");
    } else if (!from.isBefore(to)) {
      problems.add("between(" + from + ", " + to + ") is not accepted: the end is after the start");
    }
    if (requests == null && !FeatureLog.problems(set, 0).isEmpty()) {
      problems.add(
          "the requests of \""
              + set.name()
              + "\" cannot be in the ledger, as the set has no codec or has sensitive columns: give"
              + " them with requests(...)");
    }
    if (most < 1) {
      problems.add("atMost(" + most + ") is not accepted: at least 1");
    }
    if (examples < 0) {
      problems.add("examples(" + examples + ") is not accepted: 0 or more");
    }
    return problems;
  }

  /** A prediction with its request, and what was looked up for it if that was recorded. */
  @SuppressWarnings("ArrayRecordComponent") // rows are arrays of doubles everywhere
  record Served<T>(
      String id,
      Instant askedAt,
      int version,
      double[] vector,
      T request,
      @Nullable List<ServedLookup> lookups) {

    /** What the lookup of this name found; null if that was not recorded. */
    @Nullable ServedLookup lookup(String alias) {
      if (lookups != null) {
        for (ServedLookup one : lookups) {
          if (one.alias().equals(alias)) {
            return one;
          }
        }
      }
      return null;
    }
  }

  /** Where a request comes from. */
  @FunctionalInterface
  private interface Source<T> {
    @Nullable T get();
  }
}
