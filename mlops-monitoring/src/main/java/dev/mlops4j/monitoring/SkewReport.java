package dev.mlops4j.monitoring;

import dev.mlops4j.feature.FeatureSet;
import dev.mlops4j.feature.FeatureStore;
import dev.mlops4j.model.ServedLookup;
import dev.mlops4j.report.TextTable;
import java.time.Instant;
import java.util.List;
import java.util.SortedSet;
import java.util.TreeSet;
import java.util.stream.Collectors;
import org.jspecify.annotations.Nullable;

/**
 * Whether what was served is what training sees: requests of a period, computed once more from the
 * history, each as of the moment it was asked, and compared with the vectors that the model saw.
 *
 * <pre>{@code
 * SkewReport report = SkewReport.of(monitor, FEATURES, features).between(from, to).run();
 * if (!report.withoutSkew()) {
 *   System.out.println(report);
 * }
 * }</pre>
 *
 * <p>Where the monitor's feature log has what was looked up, a difference says whether the event
 * that was served is older or newer than the one that is visible offline; see {@link ServedEvent}.
 *
 * <p>What shows: an event that came late, or was taken in with a known time that is not when it
 * came; a function, window or moment of asking that is another now; a request asked before its
 * moment, which was served without the events in between; events erased since, or removed beyond
 * the retention. An unknown category is a missing value to the model, and so is it here. Requests
 * are kept to the microsecond.
 *
 * @param model the model's name
 * @param featureSet the feature set's name
 * @param from the first moment of asking
 * @param to the moment of asking that is no longer part of it
 * @param asked how many predictions the ledger has of the period
 * @param compared how many of them were compared
 * @param movedCount of how many of these the set states another moment of asking now
 * @param features one a feature, in the order of the set; those that no version compared has are
 *     left out
 * @param notReplayed those that could not be compared though their request was there or should have
 *     been, by reason
 */
public record SkewReport(
    String model,
    String featureSet,
    Instant from,
    Instant to,
    long asked,
    long compared,
    long movedCount,
    List<FeatureSkew> features,
    List<NotReplayed> notReplayed) {

  /** Copies the lists. */
  public SkewReport {
    features = List.copyOf(features);
    notReplayed = List.copyOf(notReplayed);
  }

  /**
   * Starts a report of what a monitor recorded.
   *
   * @param features what training sees now
   * @param store with the history
   */
  public static <T> SkewAudit<T> of(
      Monitor<T, ?> monitor, FeatureSet<T> features, FeatureStore store) {
    return new SkewAudit<>(monitor, features, store);
  }

  /**
   * Whether predictions were compared and none differs, in a feature or in the moment of asking.
   * Those that could not be replayed are not counted.
   */
  public boolean withoutSkew() {
    return compared > 0 && movedCount == 0 && skewed().isEmpty();
  }

  /** The features whose values differ. */
  public List<FeatureSkew> skewed() {
    return features.stream().filter(feature -> feature.differing() > 0).toList();
  }

  /** The text for a terminal: a line that sums up, a table of the features, and examples. */
  public String text() {
    StringBuilder text = new StringBuilder(summary()).append('\n');
    TextTable.Builder table =
        TextTable.builder()
            .left("feature")
            .right("compared")
            .right("differ")
            .right("largest difference")
            .left("served event");
    for (FeatureSkew feature : features) {
      double largest = feature.largestDifference();
      table.row(
          feature.feature(),
          feature.compared(),
          feature.differing(),
          Double.isNaN(largest) ? "" : Double.toString(largest),
          feature.servedEvents().entrySet().stream()
              .map(one -> one.getValue() + " " + one.getKey().word())
              .collect(Collectors.joining(", ")));
    }
    text.append(table.build());
    if (!skewed().isEmpty()) {
      text.append("\n\n").append(examples());
      signs().forEach(sign -> text.append('\n').append(sign.meaning()));
    }
    if (!notReplayed.isEmpty()) {
      TextTable.Builder reasons =
          TextTable.builder().left("not replayed").right("predictions").left("the first");
      notReplayed.forEach(one -> reasons.row(one.reason(), one.count(), one.firstPredictionId()));
      text.append("\n\n").append(reasons.build());
    }
    return text.toString();
  }

  private TextTable examples() {
    TextTable.Builder table =
        TextTable.builder()
            .left("feature")
            .left("prediction")
            .left("asked at")
            .left("served")
            .left("offline")
            .left("latest event served")
            .left("latest event offline");
    for (FeatureSkew feature : skewed()) {
      for (SkewExample example : feature.examples()) {
        table.row(
            feature.feature(),
            example.predictionId(),
            example.askedAt(),
            shown(feature, example.served()),
            shown(feature, example.offline()),
            servedEvent(example),
            offlineEvent(example));
      }
    }
    return table.build();
  }

  /** What the differences have to do with events, each once. */
  private SortedSet<ServedEvent> signs() {
    SortedSet<ServedEvent> signs = new TreeSet<>();
    features.forEach(feature -> signs.addAll(feature.servedEvents().keySet()));
    return signs;
  }

  private static String servedEvent(SkewExample example) {
    ServedEvent event = example.servedEvent();
    ServedLookup lookup = example.servedLookup();
    if (event == null) {
      return "";
    }
    if (lookup == null || event == ServedEvent.UNANSWERED) {
      return event.word();
    }
    Instant time = lookup.eventTime();
    String stale = lookup.status() == ServedLookup.Status.STALE ? ", stale" : "";
    return (time == null ? "none" : time.toString()) + stale + " (" + event.word() + ")";
  }

  private static String offlineEvent(SkewExample example) {
    Instant time = example.offlineEventTime();
    return time != null ? time.toString() : example.servedEvent() == null ? "" : "none";
  }

  private static String shown(FeatureSkew feature, @Nullable Object value) {
    return feature.sensitive() ? "(sensitive)" : value == null ? "missing" : value.toString();
  }

  private String summary() {
    return model
        + " with "
        + featureSet
        + ", "
        + from
        + " to "
        + to
        + ": "
        + compared
        + " of "
        + asked
        + " predictions compared, "
        + skewed().size()
        + " of "
        + features.size()
        + " features differ"
        + (movedCount == 0 ? "" : "; " + movedCount + " have another moment of asking now");
  }

  /**
   * The report as JSON; the same report gives the same text.
   *
   * <pre>{@code
   * {"format": "mlops4j-skew-report", "version": 1, "model": "flight-delay",
   *  "featureSet": "flight_delay", "from": "2024-03-18T00:00:00Z", "to": "2024-03-25T00:00:00Z",
   *  "asked": 168, "compared": 168, "movedCount": 0,
   *  "features": [
   *    {"feature": "weather.wind_speed", "sensitive": false, "compared": 168, "differing": 1,
   *     "largestDifference": 12.0, "examples": [
   *       {"predictionId": "a-7", "askedAt": "2024-03-18T06:00:00Z", "version": 1, "served": 4.0,
   *        "offline": 16.0, "offlineEventTime": "2024-03-18T05:30:00Z", "servedEvent": "OLDER",
   *        "servedStatus": "PRESENT", "servedEventTime": "2024-03-18T05:00:00Z"}],
   *     "servedEvents": {"OLDER": 1}}],
   *  "notReplayed": [{"reason": "...", "count": 2, "firstPredictionId": "a-9"}]}
   * }</pre>
   *
   * <p>Null stands for a value that is missing or not told, for a largest difference or an event
   * that there is none of, and for what was not recorded; infinite numbers are texts.
   */
  public String toJson() {
    return SkewJson.write(this);
  }

  /** The same as {@link #text()}. */
  @Override
  public String toString() {
    return text();
  }
}
