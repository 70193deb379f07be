package dev.mlops4j.profile;

import dev.mlops4j.data.Dataset;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.Objects;
import java.util.SortedMap;
import java.util.TreeMap;

/**
 * The profile of all rows and, where the rows have a time, of each period of it: what a model
 * package carries, so that a service can tell change from ordinary variation between periods.
 * Immutable, safe for any number of threads; equal to another one of the same windows whose
 * profiles are equal.
 *
 * <pre>{@code
 * ProfileSeries reference = ProfileSeries.byWeek(training, "asked_at");
 * byte[] stored = reference.toBytes();
 * }</pre>
 */
public final class ProfileSeries {

  private final DatasetProfile overall;
  private final List<Window> windows;

  ProfileSeries(DatasetProfile overall, List<Window> windows) {
    this.overall = overall;
    this.windows = List.copyOf(windows);
  }

  /**
   * One period.
   *
   * @param start the first instant that belongs to it
   * @param end the first instant that no longer does
   * @param profile the rows in it; the first and the last window are often covered only in part,
   *     which the row count and the times of the time column show
   */
  public record Window(Instant start, Instant end, DatasetProfile profile) {

    /**
     * Checks the order.
     *
     * @throws IllegalArgumentException if {@code end} is not after {@code start}
     */
    public Window {
      if (!end.isAfter(start)) {
        throw new IllegalArgumentException("end " + end + " is not after start " + start);
      }
    }
  }

  /** The profile alone, without windows. */
  public static ProfileSeries of(DatasetProfile profile) {
    return new ProfileSeries(profile, List.of());
  }

  /**
   * The series of these windows, all of whose rows are the overall profile.
   *
   * @param windows one or more of the same columns
   * @throws ProfileException if there is none, the columns differ, or windows overlap
   */
  public static ProfileSeries of(List<Window> windows) {
    if (windows.isEmpty()) {
      throw new ProfileException("there is no window, and so no column: profile one at least");
    }
    List<Window> sorted = new ArrayList<>(windows);
    sorted.sort(Comparator.comparing(Window::start));
    checkApart(sorted);
    DatasetProfile overall = sorted.get(0).profile();
    for (Window window : sorted.subList(1, sorted.size())) {
      overall = overall.merge(window.profile());
    }
    return new ProfileSeries(overall, sorted);
  }

  /** Profiles a dataset without windows; numbers are counted in bins as by {@link #byWeek}. */
  public static ProfileSeries of(Dataset dataset) {
    return WeeklyProfiler.whole(dataset);
  }

  /**
   * Profiles a dataset by ISO week in UTC: a window starts on Monday 00:00Z. A week without rows
   * has no window; a row whose time is missing is in the overall profile only.
   *
   * <p>Numbers are also counted in bins, the same overall and in every window, whose edges are the
   * distinct values among the 1/128 ... 127/128 quantiles of all rows: see {@link
   * NumericSummary#histogram}. Finding them sorts each column once.
   *
   * @param timeColumn a TIMESTAMP column
   * @throws dev.mlops4j.data.SchemaException if there is no such column, or of another type
   * @throws ProfileException if the column is sensitive: the windows would show its values
   */
  public static ProfileSeries byWeek(Dataset dataset, String timeColumn) {
    return WeeklyProfiler.profile(dataset, timeColumn);
  }

  /**
   * The same in the bins of a reference, see {@link DatasetProfile#of(Dataset, DatasetProfile)}:
   * for a stream, whose batches become one series by {@link #merge}.
   *
   * @throws dev.mlops4j.data.SchemaException if there is no such column, or of another type
   * @throws ProfileException if the column is sensitive
   */
  public static ProfileSeries byWeek(Dataset dataset, String timeColumn, DatasetProfile reference) {
    return WeeklyProfiler.profile(dataset, timeColumn, DatasetProfile.edges(reference));
  }

  /**
   * Reads what {@link #toBytes} wrote, of this or an earlier format.
   *
   * @throws CorruptProfileException if the bytes are not that, are cut off or altered where it can
   *     be seen, or are of a later format
   */
  public static ProfileSeries fromBytes(byte[] bytes) {
    return ProfileCodec.decode(bytes);
  }

  /** The profile of all rows. */
  public DatasetProfile overall() {
    return overall;
  }

  /** The profiles of the periods by time; they do not overlap. Empty without a time. */
  public List<Window> windows() {
    return windows;
  }

  /**
   * The series of the rows of both, which may share windows. The same rows in any split give the
   * same series if they were counted in the same bins.
   *
   * @throws ProfileException if the columns differ, or windows overlap without being the same
   */
  public ProfileSeries merge(ProfileSeries other) {
    SortedMap<Instant, Window> merged = new TreeMap<>();
    windows.forEach(window -> merged.put(window.start(), window));
    other.windows.forEach(window -> merged.merge(window.start(), window, ProfileSeries::merge));
    List<Window> sorted = List.copyOf(merged.values());
    checkApart(sorted);
    return new ProfileSeries(overall.merge(other.overall), sorted);
  }

  private static void checkApart(List<Window> sorted) {
    for (int i = 1; i < sorted.size(); i++) {
      if (sorted.get(i).start().isBefore(sorted.get(i - 1).end())) {
        throw overlap(sorted.get(i - 1), sorted.get(i));
      }
    }
  }

  private static Window merge(Window one, Window other) {
    if (!one.end().equals(other.end())) {
      throw overlap(one, other);
    }
    return new Window(one.start(), one.end(), one.profile().merge(other.profile()));
  }

  private static ProfileException overlap(Window one, Window other) {
    return new ProfileException(
        "windows that overlap cannot be merged: "
            + one.start()
            + " to "
            + one.end()
            + " and "
            + other.start()
            + " to "
            + other.end()
            + "; profile by windows of the same length");
  }

  /**
   * The series in a compact, versioned form. Equal ones give the same bytes, on every machine, but
   * for the frequent texts that are not counted by themselves ({@link CategorySummary#frequent}).
   */
  public byte[] toBytes() {
    return ProfileCodec.encode(this);
  }

  @Override
  public boolean equals(Object other) {
    return other instanceof ProfileSeries that
        && overall.equals(that.overall)
        && windows.equals(that.windows);
  }

  @Override
  public int hashCode() {
    return Objects.hash(overall, windows);
  }

  @Override
  public String toString() {
    return "ProfileSeries " + windows.size() + " windows, " + overall;
  }
}
