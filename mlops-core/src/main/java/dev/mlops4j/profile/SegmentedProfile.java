package dev.mlops4j.profile;

import dev.mlops4j.data.Dataset;
import dev.mlops4j.data.StringColumn;
import java.util.Collections;
import java.util.Comparator;
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.PriorityQueue;
import java.util.SortedMap;
import java.util.TreeMap;
import java.util.stream.IntStream;

/**
 * The profiles of the segments of a dataset: of the rows with each value of a key, such as the
 * carrier. Immutable, safe for any number of threads; equal to another one of the same key whose
 * profiles are equal.
 *
 * <p>As of all profiles, order, split and merges make no difference to equality. Memory is bounded:
 * of more than {@value #MAX_SEGMENTS} keys, those with the smallest hashes have a segment each,
 * exact whatever the split, and the rows of the others are profiled together.
 *
 * <pre>{@code
 * SegmentedProfile byCarrier = SegmentedProfile.of(flights, "carrier");
 * double lateOfDelta = byCarrier.segments().get("DL").numbers("late").mean();
 * }</pre>
 */
public final class SegmentedProfile {

  /** How many keys have a segment each. */
  public static final int MAX_SEGMENTS = 100;

  private final String keyColumn;
  private final SortedMap<String, DatasetProfile> segments;
  private final DatasetProfile withoutKey;
  private final DatasetProfile others;

  SegmentedProfile(
      String keyColumn,
      SortedMap<String, DatasetProfile> segments,
      DatasetProfile withoutKey,
      DatasetProfile others) {
    this.keyColumn = keyColumn;
    this.segments = Collections.unmodifiableSortedMap(segments);
    this.withoutKey = withoutKey;
    this.others = others;
  }

  /**
   * Profiles the rows of each key.
   *
   * @param keyColumn a STRING column
   * @throws dev.mlops4j.data.SchemaException if there is no such column, or of another type
   * @throws ProfileException if the column is sensitive: the segments would show its values
   */
  public static SegmentedProfile of(Dataset dataset, String keyColumn) {
    return of(dataset, keyColumn, Map.of());
  }

  /**
   * Profiles the rows of each key, and counts numbers in the bins of the reference, which are then
   * the same in all segments: see {@link DatasetProfile#of(Dataset, DatasetProfile)}.
   *
   * @throws dev.mlops4j.data.SchemaException if there is no such column, or of another type
   * @throws ProfileException if the column is sensitive
   */
  public static SegmentedProfile of(Dataset dataset, String keyColumn, DatasetProfile reference) {
    return of(dataset, keyColumn, DatasetProfile.edges(reference));
  }

  private static SegmentedProfile of(
      Dataset dataset, String keyColumn, Map<String, BinEdges> edges) {
    StringColumn keys = dataset.strings(keyColumn);
    if (dataset.schema().field(keyColumn).sensitive()) {
      throw new ProfileException(
          "column \""
              + keyColumn
              + "\" is sensitive, and segments by it would show its values; "
              + "name another STRING column or profile without segments");
    }
    List<String> dictionary = keys.dictionary();
    boolean[] present = new boolean[dictionary.size()];
    for (int row = 0; row < keys.size(); row++) {
      if (!keys.isMissing(row)) {
        present[keys.codeAt(row)] = true;
      }
    }
    Map<String, RowSelection.Rows> kept = new HashMap<>();
    IntStream codes = IntStream.range(0, present.length).filter(code -> present[code]);
    kept(codes.mapToObj(dictionary::get).toList())
        .forEach(key -> kept.put(key, new RowSelection.Rows()));
    RowSelection.Rows others = new RowSelection.Rows();
    List<RowSelection.Rows> byCode =
        dictionary.stream().map(key -> kept.getOrDefault(key, others)).toList();
    RowSelection.Rows withoutKey = new RowSelection.Rows();
    for (int row = 0; row < keys.size(); row++) {
      (keys.isMissing(row) ? withoutKey : byCode.get(keys.codeAt(row))).add(row);
    }
    SortedMap<String, DatasetProfile> segments = new TreeMap<>();
    kept.forEach(
        (key, rows) -> segments.put(key, DatasetProfile.of(dataset, rows.selection(), edges)));
    return new SegmentedProfile(
        keyColumn,
        segments,
        DatasetProfile.of(dataset, withoutKey.selection(), edges),
        DatasetProfile.of(dataset, others.selection(), edges));
  }

  /**
   * Reads what {@link #toBytes} wrote, of this or an earlier format.
   *
   * @throws CorruptProfileException if the bytes are not that, are cut off or altered where it can
   *     be seen, or are of a later format
   */
  public static SegmentedProfile fromBytes(byte[] bytes) {
    return ProfileCodec.decodeSegments(bytes);
  }

  /** The column whose values are the keys. */
  public String keyColumn() {
    return keyColumn;
  }

  /** The segments by key; at most {@value #MAX_SEGMENTS}. The map cannot be changed. */
  public SortedMap<String, DatasetProfile> segments() {
    return segments;
  }

  /** The rows whose key is missing; of no rows if it never is. */
  public DatasetProfile withoutKey() {
    return withoutKey;
  }

  /** The rows whose key has no segment of its own; of no rows if all have one. */
  public DatasetProfile others() {
    return others;
  }

  /** All rows together. */
  public DatasetProfile overall() {
    DatasetProfile overall = others.merge(withoutKey);
    for (DatasetProfile segment : segments.values()) {
      overall = overall.merge(segment);
    }
    return overall;
  }

  /**
   * The profile of the rows of both.
   *
   * @throws ProfileException if the key column or the columns differ
   */
  public SegmentedProfile merge(SegmentedProfile other) {
    if (!keyColumn.equals(other.keyColumn)) {
      throw new ProfileException(
          "profiles by \""
              + keyColumn
              + "\" and by \""
              + other.keyColumn
              + "\" cannot be merged; profile by the same key");
    }
    Map<String, DatasetProfile> all = new LinkedHashMap<>(segments);
    other.segments.forEach((key, profile) -> all.merge(key, profile, DatasetProfile::merge));
    SortedMap<String, DatasetProfile> merged = new TreeMap<>();
    for (String key : kept(all.keySet())) {
      merged.put(key, all.remove(key));
    }
    DatasetProfile rest = others.merge(other.others);
    for (DatasetProfile dropped : all.values()) {
      rest = rest.merge(dropped);
    }
    return new SegmentedProfile(keyColumn, merged, withoutKey.merge(other.withoutKey), rest);
  }

  /**
   * The same in every segment as {@link DatasetProfile#withoutMissing}.
   *
   * @throws ProfileException if there is no such column
   */
  public SegmentedProfile withoutMissing(String name) {
    SortedMap<String, DatasetProfile> known = new TreeMap<>();
    segments.forEach((key, segment) -> known.put(key, segment.withoutMissing(name)));
    return new SegmentedProfile(
        keyColumn, known, withoutKey.withoutMissing(name), others.withoutMissing(name));
  }

  /**
   * The profile in a compact, versioned form. Equal ones give the same bytes, on every machine, but
   * for the frequent texts that are not counted by themselves ({@link CategorySummary#frequent}).
   */
  public byte[] toBytes() {
    return ProfileCodec.encode(this);
  }

  @Override
  public boolean equals(Object other) {
    return other instanceof SegmentedProfile that
        && keyColumn.equals(that.keyColumn)
        && others.equals(that.others)
        && withoutKey.equals(that.withoutKey)
        && segments.equals(that.segments);
  }

  @Override
  public int hashCode() {
    return Objects.hash(keyColumn, others, withoutKey, segments);
  }

  @Override
  public String toString() {
    return "SegmentedProfile by " + keyColumn + " " + segments.keySet();
  }

  /**
   * A key among those with the smallest hashes is so in every part that it occurs in. Of many keys
   * each is hashed once, and few are sorted.
   */
  private static List<String> kept(Iterable<String> keys) {
    PriorityQueue<Hashed> kept = new PriorityQueue<>(Hashed.ORDER.reversed());
    for (String key : keys) {
      if (key.length() <= CategorySummary.MAX_LENGTH) {
        kept.add(new Hashed(key, Distinct.hash(key) ^ Long.MIN_VALUE));
        if (kept.size() > MAX_SEGMENTS) {
          kept.remove();
        }
      }
    }
    return kept.stream().map(Hashed::key).toList();
  }

  /** In the order of {@link CategorySummary#BY_HASH}. */
  private record Hashed(String key, long hash) {

    private static final Comparator<Hashed> ORDER =
        Comparator.comparingLong(Hashed::hash).thenComparing(Hashed::key);
  }
}
