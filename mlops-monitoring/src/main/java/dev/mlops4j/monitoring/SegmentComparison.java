package dev.mlops4j.monitoring;

import dev.mlops4j.data.ColumnType;
import dev.mlops4j.data.Dataset;
import dev.mlops4j.data.Field;
import dev.mlops4j.data.SchemaException;
import dev.mlops4j.monitoring.DriftSegments.Beyond;
import dev.mlops4j.profile.ColumnProfile;
import dev.mlops4j.profile.DatasetProfile;
import dev.mlops4j.profile.ProfileException;
import dev.mlops4j.profile.SegmentedProfile;
import java.util.ArrayList;
import java.util.Collections;
import java.util.Comparator;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.OptionalLong;
import java.util.SortedSet;
import java.util.TreeSet;
import java.util.stream.IntStream;
import org.jspecify.annotations.Nullable;

/** Two samples segment by segment, before the verdicts, for which all columns are needed. */
final class SegmentComparison {

  private final SegmentedProfile reference;
  private final SegmentedProfile current;
  private final long allReference;
  private final long allCurrent;

  /** What both have, those without a key last; what one side alone has; the known others. */
  private final List<Keyed> compared = new ArrayList<>();

  private final List<SegmentDrift> came = new ArrayList<>();
  private final List<SegmentDrift> went = new ArrayList<>();
  private final Map<String, Long> beyond = new LinkedHashMap<>();

  /** A segment that both have. */
  private record Keyed(String key, boolean withoutKey, long referenceRows, long currentRows) {

    DatasetProfile of(SegmentedProfile profile) {
      return withoutKey
          ? profile.withoutKey()
          : Objects.requireNonNull(profile.segments().get(key), "the same rows have the same keys");
    }
  }

  private SegmentComparison(SegmentedProfile reference, SegmentedProfile current) {
    this.reference = reference;
    this.current = current;
    this.allReference = rows(reference);
    this.allCurrent = rows(current);
    for (String key : keys()) {
      OptionalLong from = rows(reference, key);
      OptionalLong to = rows(current, key);
      if (reference.segments().containsKey(key) && current.segments().containsKey(key)) {
        compared.add(new Keyed(key, false, from.orElse(0), to.orElse(0)));
      } else if (isNone(from)) {
        came.add(segment(new Keyed(key, false, 0, to.orElse(0))));
      } else if (isNone(to)) {
        went.add(segment(new Keyed(key, false, from.orElse(0), 0)));
      } else {
        beyond.put(key, from.orElse(0) + to.orElse(0));
      }
    }
    Keyed withoutKey =
        new Keyed(
            ProfileDrift.WITHOUT_KEY,
            true,
            reference.withoutKey().rowCount(),
            current.withoutKey().rowCount());
    if (withoutKey.referenceRows > 0 && withoutKey.currentRows > 0) {
      compared.add(withoutKey);
    } else if (withoutKey.currentRows > 0) {
      came.add(segment(withoutKey));
    } else if (withoutKey.referenceRows > 0) {
      went.add(segment(withoutKey));
    }
    came.sort(Comparator.comparingLong(SegmentDrift::currentRows).reversed());
    went.sort(Comparator.comparingLong(SegmentDrift::referenceRows).reversed());
  }

  /**
   * Compares profiles.
   *
   * @throws ProfileException if they are of different keys
   */
  static SegmentComparison of(SegmentedProfile reference, SegmentedProfile current) {
    if (!reference.keyColumn().equals(current.keyColumn())) {
      throw new ProfileException(
          "profiles by \""
              + reference.keyColumn()
              + "\" and by \""
              + current.keyColumn()
              + "\" cannot be compared; profile by the same key");
    }
    return new SegmentComparison(reference, current);
  }

  /**
   * Compares rows, so far by their key alone.
   *
   * @throws SchemaException if a sample has no such column, or one of another type than STRING
   * @throws ProfileException if the column is sensitive
   */
  static SegmentComparison of(Dataset reference, Dataset current, String keyColumn) {
    return new SegmentComparison(
        ofKey(reference, keyColumn, "the reference"),
        ofKey(current, keyColumn, "the current sample"));
  }

  private static SegmentedProfile ofKey(Dataset rows, String keyColumn, String side) {
    if (!rows.schema().contains(keyColumn)) {
      List<String> names = rows.schema().fields().stream().map(Field::name).toList();
      throw new SchemaException(
          side
              + " has no column \""
              + keyColumn
              + "\" to make segments by; there are: "
              + String.join(", ", names));
    }
    ColumnType type = rows.schema().field(keyColumn).type();
    if (type != ColumnType.STRING) {
      throw new SchemaException(
          "column \""
              + keyColumn
              + "\" of "
              + side
              + " is "
              + type
              + ", and keys of segments are STRING; add a column with its values, or ranges of"
              + " them, as text");
    }
    return SegmentedProfile.of(rows.columns(keyColumn), keyColumn);
  }

  private static long rows(SegmentedProfile profile) {
    return profile.others().rowCount()
        + profile.withoutKey().rowCount()
        + profile.segments().values().stream().mapToLong(DatasetProfile::rowCount).sum();
  }

  /** All that are known of either. */
  private SortedSet<String> keys() {
    SortedSet<String> keys = new TreeSet<>();
    for (SegmentedProfile profile : List.of(reference, current)) {
      keys.addAll(profile.segments().keySet());
      keys.addAll(profile.others().categories(profile.keyColumn()).counts().keySet());
    }
    return keys;
  }

  /** How many rows have this key, or empty if that is not known. */
  private static OptionalLong rows(SegmentedProfile profile, String key) {
    DatasetProfile segment = profile.segments().get(key);
    return segment != null
        ? OptionalLong.of(segment.rowCount())
        : profile.others().categories(profile.keyColumn()).count(key);
  }

  private static boolean isNone(OptionalLong rows) {
    return rows.isPresent() && rows.getAsLong() == 0;
  }

  /** The test of this column in each segment that both have, of the profiles compared. */
  List<ColumnTest> tests(String column) {
    return tests(column, reference, current);
  }

  /**
   * The tests of a column whose rows were not profiled so far; none of the key.
   *
   * @param whole the column in all rows of the reference, in whose bins numbers are counted; null
   *     if it is not there
   */
  List<ColumnTest> tests(String column, Dataset from, Dataset to, @Nullable DatasetProfile whole) {
    if (column.equals(reference.keyColumn())) {
      return List.of();
    }
    return tests(column, profile(from, column, whole), profile(to, column, whole));
  }

  private SegmentedProfile profile(Dataset rows, String column, @Nullable DatasetProfile whole) {
    String key = reference.keyColumn();
    Dataset columns =
        rows.schema().contains(column) ? rows.columns(key, column) : rows.columns(key);
    return whole == null
        ? SegmentedProfile.of(columns, key)
        : SegmentedProfile.of(columns, key, whole);
  }

  private List<ColumnTest> tests(String column, SegmentedProfile from, SegmentedProfile to) {
    return compared.stream()
        .map(
            segment ->
                ProfileDrift.test(
                    column, column(segment.of(from), column), column(segment.of(to), column)))
        .toList();
  }

  private static @Nullable ColumnProfile column(DatasetProfile profile, String name) {
    return profile.contains(name) ? profile.column(name) : null;
  }

  /** Where the column cannot be compared in any. */
  List<ColumnTest> inAll(ColumnTest failed) {
    return Collections.nCopies(compared.size(), failed);
  }

  private SegmentDrift segment(Keyed segment) {
    return new SegmentDrift(
        segment.key,
        segment.withoutKey,
        segment.referenceRows,
        segment.currentRows,
        (double) segment.referenceRows / allReference,
        (double) segment.currentRows / allCurrent,
        List.of());
  }

  /** All of it, the verdicts of one family; those of the rows without a key last. */
  RatedSegments rated(List<List<ColumnTest>> byColumn) {
    List<String> others =
        beyond.entrySet().stream()
            .sorted(Map.Entry.<String, Long>comparingByValue().reversed())
            .map(Map.Entry::getKey)
            .toList();
    long fromThere = went.stream().mapToLong(SegmentDrift::referenceRows).sum();
    long toHere = came.stream().mapToLong(SegmentDrift::currentRows).sum();
    for (Keyed segment : compared) {
      fromThere += segment.referenceRows;
      toHere += segment.currentRows;
    }
    return new RatedSegments(
        reference.keyColumn(),
        compared.stream().map(this::segment).toList(),
        verdicts(byColumn),
        List.copyOf(came),
        List.copyOf(went),
        new Beyond(others, allReference - fromThere, allCurrent - toHere));
  }

  private List<List<RatedVerdict>> verdicts(List<List<ColumnTest>> byColumn) {
    List<ColumnTest> tests = new ArrayList<>();
    for (int i = 0; i < compared.size(); i++) {
      for (List<ColumnTest> column : byColumn) {
        tests.add(column.get(i));
      }
    }
    List<RatedVerdict> verdicts = RatedVerdict.of(tests);
    int columns = byColumn.size();
    return IntStream.range(0, compared.size())
        .mapToObj(i -> List.copyOf(verdicts.subList(i * columns, (i + 1) * columns)))
        .toList();
  }
}
