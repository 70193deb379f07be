package dev.mlops4j.monitoring;

import java.util.Comparator;
import java.util.List;
import java.util.Optional;
import java.util.function.ToDoubleFunction;

/**
 * One segment of a {@link DriftReport}: the rows with one key. Immutable.
 *
 * @param key the key; {@link ProfileDrift#WITHOUT_KEY} for the rows without one
 * @param withoutKey whether these are the rows without a key, and not those whose key is this text
 * @param referenceRows how many of the reference's rows are in it
 * @param currentRows how many of the current rows are in it
 * @param referenceShare the share of the reference's rows; NaN if it has none at all
 * @param currentShare the share of the current rows; NaN if there are none at all
 * @param verdicts of each column but the key's, in the order in which to look at them; none if only
 *     one sample has the segment
 */
public record SegmentDrift(
    String key,
    boolean withoutKey,
    long referenceRows,
    long currentRows,
    double referenceShare,
    double currentShare,
    List<Verdict> verdicts) {

  /** Copies the verdicts. */
  public SegmentDrift {
    verdicts = List.copyOf(verdicts);
  }

  /** The verdicts that are alerts, the one to look at first first. */
  public List<Verdict> alerts() {
    return verdicts.stream().filter(Verdict::isAlert).toList();
  }

  /**
   * An alert if a column has one, else OK if a column could be compared, else why none could: not
   * enough data, or an error if it is that for every column.
   */
  public Verdict.Status status() {
    for (Verdict.Status status :
        List.of(Verdict.Status.ALERT, Verdict.Status.OK, Verdict.Status.NOT_ENOUGH_DATA)) {
      if (verdicts.stream().anyMatch(verdict -> verdict.status() == status)) {
        return status;
      }
    }
    return verdicts.isEmpty() ? Verdict.Status.NOT_ENOUGH_DATA : Verdict.Status.ERROR;
  }

  /** Whether both samples have it. */
  boolean isCompared() {
    return referenceRows > 0 && currentRows > 0;
  }

  /** The key for people: in quotes where it would pass for no key at all. */
  String label() {
    return !withoutKey && (key.isBlank() || key.equals(ProfileDrift.WITHOUT_KEY))
        ? "\"" + key + "\""
        : key;
  }

  /** What to look at first of what gave the segment its status; empty without a verdict. */
  Optional<Verdict> worst() {
    return verdicts.stream().filter(verdict -> verdict.status() == status()).findFirst();
  }

  SegmentDrift with(List<Verdict> others) {
    return new SegmentDrift(
        key, withoutKey, referenceRows, currentRows, referenceShare, currentShare, others);
  }

  SegmentDrift rankedBy(ToDoubleFunction<Verdict> weight) {
    return with(verdicts.stream().sorted(Verdict.byRank(weight)).toList());
  }

  /** What drifted, then what could be compared; the greatest weight first, then the most rows. */
  static Comparator<SegmentDrift> byRank(ToDoubleFunction<Verdict> weight) {
    return Comparator.comparingInt(SegmentDrift::rank)
        .thenComparing(
            Comparator.comparingDouble((SegmentDrift segment) -> segment.greatest(weight))
                .thenComparingLong(SegmentDrift::currentRows)
                .thenComparingLong(SegmentDrift::referenceRows)
                .reversed());
  }

  private int rank() {
    return switch (status()) {
      case ALERT -> 0;
      case OK -> 1;
      case NOT_ENOUGH_DATA, ERROR -> 2;
    };
  }

  /** Of the columns that gave the segment its status. */
  private double greatest(ToDoubleFunction<Verdict> weight) {
    return verdicts.stream()
        .filter(verdict -> verdict.status() == status())
        .mapToDouble(weight)
        .max()
        .orElse(0);
  }
}
