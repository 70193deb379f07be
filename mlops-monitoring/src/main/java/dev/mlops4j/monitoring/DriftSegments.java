package dev.mlops4j.monitoring;

import dev.mlops4j.profile.SegmentedProfile;
import dev.mlops4j.report.Printable;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.function.ToDoubleFunction;
import java.util.stream.Stream;

/**
 * The segments of a {@link DriftReport}: for which keys which columns drifted most. Segments stand
 * in the order in which to look at them: alerts first, the largest effects first. Immutable, safe
 * for any number of threads.
 *
 * <pre>{@code
 * DriftReport report = DriftReport.bySegment(training, thisWeek, "carrier");
 * for (SegmentDrift segment : report.segments().orElseThrow().alerts()) {
 *   System.out.println(segment.key() + ": " + segment.alerts());
 * }
 * }</pre>
 *
 * <p>All verdicts of all segments are one family, beside that of the report's columns: if nothing
 * differs, at most one report in twenty, unless it states another rate, has an alert in any
 * segment. The key's own column is not compared within a segment; that of the report says whether
 * shares of keys changed.
 */
public final class DriftSegments {

  /** Of a list within a sentence. */
  private static final int MOST_NAMES = 5;

  private final String keyColumn;
  private final List<SegmentDrift> compared;
  private final List<SegmentDrift> came;
  private final List<SegmentDrift> went;
  private final Beyond beyond;

  DriftSegments(
      String keyColumn,
      List<SegmentDrift> compared,
      List<SegmentDrift> came,
      List<SegmentDrift> went,
      Beyond beyond) {
    this.keyColumn = keyColumn;
    this.compared = List.copyOf(compared);
    this.came = List.copyOf(came);
    this.went = List.copyOf(went);
    this.beyond = beyond;
  }

  /**
   * The keys that are not compared because they are beyond the {@value
   * SegmentedProfile#MAX_SEGMENTS} with a segment of at least one sample. Immutable.
   *
   * @param keys those that are known, the most frequent first: of up to 1,000 keys all, but for
   *     those of more than 256 characters
   * @param referenceRows how many rows of the reference have one of these or an unknown one
   * @param currentRows how many current rows have
   */
  public record Beyond(List<String> keys, long referenceRows, long currentRows) {

    /** Copies the list. */
    public Beyond {
      keys = List.copyOf(keys);
    }
  }

  /** The column whose values are the keys. */
  public String keyColumn() {
    return keyColumn;
  }

  /** The segments that both samples have, in the order in which to look at them. */
  public List<SegmentDrift> compared() {
    return compared;
  }

  /** The segments in which a column drifted, in the order in which to look at them. */
  public List<SegmentDrift> alerts() {
    return compared.stream().filter(s -> s.status() == Verdict.Status.ALERT).toList();
  }

  /** The segments that only the current sample has, the largest first. */
  public List<SegmentDrift> came() {
    return came;
  }

  /** The segments that only the reference has, the largest first. */
  public List<SegmentDrift> went() {
    return went;
  }

  /** What is compared, then what only one sample has. */
  List<SegmentDrift> all() {
    return Stream.of(compared, came, went).flatMap(List::stream).toList();
  }

  /** The keys that are not compared because there are too many. */
  public Beyond beyond() {
    return beyond;
  }

  DriftSegments rankedBy(ToDoubleFunction<Verdict> weight) {
    return new DriftSegments(
        keyColumn,
        compared.stream()
            .map(segment -> segment.rankedBy(weight))
            .sorted(SegmentDrift.byRank(weight))
            .toList(),
        came,
        went,
        beyond);
  }

  /** What was found, in a few sentences. */
  public String summary() {
    StringBuilder text = new StringBuilder("By ").append(Printable.of(keyColumn)).append(": ");
    text.append(counts());
    List<String> drifted = new ArrayList<>();
    for (SegmentDrift segment : alerts()) {
      List<String> columns = segment.alerts().stream().map(Verdict::column).toList();
      drifted.add(segment.label() + " (" + atMost(columns) + ")");
    }
    return text.append(sentence("Drifted", drifted))
        .append(sentence("Came", came.stream().map(SegmentDrift::label).toList()))
        .append(sentence("Went", went.stream().map(SegmentDrift::label).toList()))
        .toString();
  }

  private static String sentence(String what, List<String> names) {
    return names.isEmpty() ? "" : " " + what + ": " + Printable.of(atMost(names)) + ".";
  }

  private static String atMost(List<String> names) {
    return names.size() <= MOST_NAMES
        ? String.join(", ", names)
        : String.join(", ", names.subList(0, MOST_NAMES))
            + " and "
            + (names.size() - MOST_NAMES)
            + " more";
  }

  /** The same without names, which come from data. */
  String counts() {
    int alerts = alerts().size();
    String segments = compared.size() == 1 ? " segment" : " segments";
    StringBuilder text = new StringBuilder();
    if (compared.isEmpty()) {
      text.append("no segment is in both samples");
    } else if (alerts == 0) {
      text.append("no drift in ").append(compared.size()).append(segments);
    } else {
      text.append(alerts).append(" of ").append(compared.size()).append(segments);
      text.append(alerts == 1 ? " has drifted" : " have drifted");
    }
    append(text, count(Verdict.Status.ERROR), " could not be compared");
    append(text, count(Verdict.Status.NOT_ENOUGH_DATA), " without enough data");
    append(text, came.size(), " only in the current rows");
    append(text, went.size(), " only in the reference");
    if (beyond.referenceRows() + beyond.currentRows() > 0) {
      text.append(
          String.format(
              Locale.ROOT,
              "; not compared are %,d rows with %,d of the reference, of keys beyond %d",
              beyond.currentRows(),
              beyond.referenceRows(),
              SegmentedProfile.MAX_SEGMENTS));
    }
    return text.append('.').toString();
  }

  private long count(Verdict.Status status) {
    return compared.stream().filter(segment -> segment.status() == status).count();
  }

  private static void append(StringBuilder text, long count, String what) {
    if (count > 0) {
      text.append("; ").append(count).append(what);
    }
  }

  @Override
  public String toString() {
    return summary();
  }
}
