package dev.mlops4j.profile;

import dev.mlops4j.data.ColumnType;
import dev.mlops4j.data.Timestamps;
import java.math.BigInteger;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.Collection;
import java.util.List;
import java.util.Set;
import java.util.SortedMap;
import java.util.TreeMap;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;

/**
 * The stored form of profiles. Format 1: the mark {@code M4JP}, the format's number, the overall
 * profile, the number of windows, and for each its start, end and profile. Integers are of variable
 * length; keys of bins are differences to the one before. The outer bins of a histogram are stored
 * with the infinities. Format 2 adds the parts to categories that are not all counted by
 * themselves, format 3 the most frequent of the others; what has none is written in the format
 * before.
 *
 * <p>Of segments: the mark {@code M4JS}, the format's number, the key column, the profile of the
 * keys without a segment, of the rows without a key, the number of segments, and for each its key
 * and profile.
 */
final class ProfileCodec {

  private static final byte[] MARK = {'M', '4', 'J', 'P'};
  private static final byte[] SEGMENTS_MARK = {'M', '4', 'J', 'S'};
  private static final int FORMAT = CategoryCodec.WITH_FREQUENT;

  /** Has everything but what can depend on the order of the rows. */
  private static final int EXACT_FORMAT = CategoryCodec.WITH_PARTS;

  private static final int COUNTS_ONLY = 0;
  private static final int NUMBERS = 1;
  private static final int CATEGORIES = 2;
  private static final int TIMES = 3;

  private static final int NO_HISTOGRAM = 0;
  private static final int OWN_EDGES = 1;
  private static final int REFERENCE_EDGES = 2;

  private ProfileCodec() {}

  static byte[] encode(ProfileSeries series) {
    ProfileOutput out =
        new ProfileOutput(
            format(
                Stream.concat(
                    Stream.of(series.overall()),
                    series.windows().stream().map(ProfileSeries.Window::profile))));
    out.raw(MARK);
    out.unsigned(out.format());
    write(out, series.overall(), null);
    out.unsigned(series.windows().size());
    for (ProfileSeries.Window window : series.windows()) {
      out.signed(Timestamps.toMicros(window.start()));
      out.signed(Timestamps.toMicros(window.end()));
      write(out, window.profile(), series.overall());
    }
    return out.toBytes();
  }

  /** The first format that has a place for all, so that an earlier library reads it if it can. */
  private static int format(Stream<DatasetProfile> profiles) {
    return profiles
        .flatMap(profile -> profile.columns().stream())
        .map(ColumnProfile::ownCategories)
        .mapToInt(CategoryCodec::format)
        .max()
        .orElse(1);
  }

  /** What makes two profiles equal. */
  static byte[] encode(DatasetProfile profile) {
    ProfileOutput out = new ProfileOutput(EXACT_FORMAT);
    write(out, profile, null);
    return out.toBytes();
  }

  static byte[] encode(SegmentedProfile profile) {
    ProfileOutput out =
        new ProfileOutput(
            format(
                Stream.concat(
                    Stream.of(profile.others(), profile.withoutKey()),
                    profile.segments().values().stream())));
    out.raw(SEGMENTS_MARK);
    out.unsigned(out.format());
    out.text(profile.keyColumn());
    write(out, profile.others(), null);
    write(out, profile.withoutKey(), profile.others());
    out.unsigned(profile.segments().size());
    profile
        .segments()
        .forEach(
            (key, segment) -> {
              out.text(key);
              write(out, segment, profile.others());
            });
    return out.toBytes();
  }

  static SegmentedProfile decodeSegments(byte[] bytes) {
    ProfileInput in = new ProfileInput(bytes);
    try {
      in.expect(SEGMENTS_MARK, "SegmentedProfile.toBytes");
      in.expectFormat(FORMAT);
      String keyColumn = in.text();
      DatasetProfile others = dataset(in, null);
      DatasetProfile withoutKey = dataset(in, others);
      SortedMap<String, DatasetProfile> segments = new TreeMap<>();
      int size = in.size();
      for (int left = size; left > 0; left--) {
        segments.put(in.text(), dataset(in, others));
      }
      if (segments.size() != size || size > SegmentedProfile.MAX_SEGMENTS) {
        throw in.corrupt(size + " segments have " + segments.size() + " keys");
      }
      in.expectEnd();
      expectFit(in, others, withoutKey);
      segments.values().forEach(segment -> expectFit(in, others, segment));
      return new SegmentedProfile(keyColumn, segments, withoutKey, others);
    } catch (IllegalArgumentException | ArithmeticException e) {
      throw in.corrupt(String.valueOf(e.getMessage()));
    }
  }

  private static void expectFit(ProfileInput in, DatasetProfile one, DatasetProfile other) {
    if (!one.fits(other)) {
      throw in.corrupt("its parts are of different columns");
    }
  }

  static ProfileSeries decode(byte[] bytes) {
    ProfileInput in = new ProfileInput(bytes);
    try {
      in.expect(MARK, "ProfileSeries.toBytes");
      in.expectFormat(FORMAT);
      DatasetProfile overall = dataset(in, null);
      List<ProfileSeries.Window> windows = new ArrayList<>();
      for (int left = in.size(); left > 0; left--) {
        windows.add(
            new ProfileSeries.Window(
                Timestamps.fromMicros(in.signed()),
                Timestamps.fromMicros(in.signed()),
                dataset(in, overall)));
      }
      in.expectEnd();
      return new ProfileSeries(overall, windows);
    } catch (IllegalArgumentException | ArithmeticException e) {
      throw in.corrupt(String.valueOf(e.getMessage()));
    }
  }

  private static void write(
      ProfileOutput out, DatasetProfile profile, @Nullable DatasetProfile overall) {
    out.unsigned(profile.rowCount());
    List<ColumnProfile> columns = profile.columns();
    out.unsigned(columns.size());
    columns.forEach(column -> write(out, column, reference(overall, column.name())));
  }

  /** What the windows' histograms share their edges with. */
  private static @Nullable Histogram reference(@Nullable DatasetProfile overall, String column) {
    return overall == null || !overall.contains(column)
        ? null
        : overall.column(column).numbers().flatMap(NumericSummary::histogram).orElse(null);
  }

  private static DatasetProfile dataset(ProfileInput in, @Nullable DatasetProfile overall) {
    long rowCount = in.unsigned();
    List<ColumnProfile> columns = new ArrayList<>();
    for (int left = in.size(); left > 0; left--) {
      columns.add(column(in, overall));
    }
    if (columns.stream().map(ColumnProfile::name).distinct().count() != columns.size()) {
      throw in.corrupt("two columns have the same name");
    }
    return new DatasetProfile(rowCount, columns);
  }

  private static void write(
      ProfileOutput out, ColumnProfile column, @Nullable Histogram reference) {
    out.text(column.name());
    out.text(column.type().name());
    out.unsigned(column.sensitive() ? 1 : 0);
    out.unsigned(column.count());
    out.unsigned(column.missing());
    CategorySummary categories = column.ownCategories();
    if (column.numbers().isPresent()) {
      out.unsigned(NUMBERS);
      write(out, column.numbers().get(), reference);
    } else if (categories != null) {
      out.unsigned(CATEGORIES);
      CategoryCodec.write(out, categories);
    } else if (column.times().isPresent()) {
      out.unsigned(TIMES);
      out.signed(Timestamps.toMicros(column.times().get().earliest()));
      out.signed(Timestamps.toMicros(column.times().get().latest()));
    } else {
      out.unsigned(COUNTS_ONLY);
    }
  }

  private static ColumnProfile column(ProfileInput in, @Nullable DatasetProfile overall) {
    String name = in.text();
    Histogram reference = reference(overall, name);
    ColumnProfile counts =
        ColumnProfile.countsOnly(
            name, ColumnType.valueOf(in.text()), in.unsigned() != 0, in.unsigned(), in.unsigned());
    if (counts.missing() > counts.count()) {
      throw in.corrupt(counts.missing() + " of " + counts.count() + " values are missing");
    }
    long present = counts.count() - counts.missing();
    long kind = in.unsigned();
    if (kind != COUNTS_ONLY && (counts.sensitive() || kind != kind(counts.type()))) {
      throw in.corrupt("column " + counts + " cannot have a summary of kind " + kind);
    }
    if (kind == NUMBERS) {
      NumericSummary numbers = numbers(in, reference);
      expectSum(
          in,
          present,
          List.of(
              numbers.finite(),
              numbers.nan(),
              numbers.positiveInfinite(),
              numbers.negativeInfinite()));
      numbers.values().ifPresent(values -> expectSum(in, numbers.finite(), values.values()));
      if (counts.type() == ColumnType.BOOLEAN && !areBooleans(numbers)) {
        throw in.corrupt("column " + counts + " has other numbers than 0 and 1");
      }
      return counts.with(numbers);
    }
    if (kind == CATEGORIES) {
      CategorySummary categories = CategoryCodec.read(in);
      expectSum(in, present, List.of(categories.count()));
      return counts.with(categories);
    }
    if (kind == TIMES) {
      return counts.with(
          new TimeSummary(Timestamps.fromMicros(in.signed()), Timestamps.fromMicros(in.signed())));
    }
    return counts;
  }

  private static boolean areBooleans(NumericSummary numbers) {
    return numbers.values().isPresent()
        && Set.of(0.0, 1.0).containsAll(numbers.values().get().keySet());
  }

  static void expectSum(ProfileInput in, long expected, Collection<Long> parts) {
    if (parts.stream().reduce(0L, Math::addExact) != expected) {
      throw in.corrupt("counts " + parts + " are not " + expected + " together");
    }
  }

  private static int kind(ColumnType type) {
    return switch (type.kind()) {
      case FLOAT64, INT64, BOOLEAN -> NUMBERS;
      case STRING -> CATEGORIES;
      case TIMESTAMP -> TIMES;
      case FLOATS -> COUNTS_ONLY;
    };
  }

  private static void write(
      ProfileOutput out, NumericSummary numbers, @Nullable Histogram reference) {
    out.unsigned(numbers.nan());
    out.unsigned(numbers.positiveInfinite());
    out.unsigned(numbers.negativeInfinite());
    out.unsigned(numbers.finite());
    out.number(numbers.min());
    out.number(numbers.max());
    out.integer(numbers.scaledSum());
    out.integer(numbers.scaledSquares());
    Bins bins = numbers.sketch();
    out.unsigned(bins.size());
    int previous = 0;
    for (int i = 0; i < bins.size(); i++) {
      out.signed(bins.key(i) - previous);
      out.unsigned(bins.count(i));
      previous = bins.key(i);
    }
    SortedMap<Double, Long> values = numbers.values().orElse(null);
    out.unsigned(values == null ? 0 : 1);
    if (values == null) {
      out.raw(numbers.distinctState());
    } else {
      out.unsigned(values.size());
      values.forEach(
          (value, count) -> {
            out.number(value);
            out.unsigned(count);
          });
    }
    Histogram histogram = numbers.histogram().orElse(null);
    if (histogram == null) {
      out.unsigned(NO_HISTOGRAM);
      return;
    }
    boolean sameEdges = reference != null && reference.edges().equals(histogram.edges());
    out.unsigned(sameEdges ? REFERENCE_EDGES : OWN_EDGES);
    if (!sameEdges) {
      double[] edges = histogram.edges().edges();
      out.unsigned(edges.length);
      for (double edge : edges) {
        out.number(edge);
      }
    }
    long[] counts = histogram.counts();
    counts[0] += numbers.negativeInfinite();
    counts[counts.length - 1] += numbers.positiveInfinite();
    for (long count : counts) {
      out.unsigned(count);
    }
  }

  private static NumericSummary numbers(ProfileInput in, @Nullable Histogram reference) {
    long nan = in.unsigned();
    long positiveInfinite = in.unsigned();
    long negativeInfinite = in.unsigned();
    long finite = in.unsigned();
    double min = in.number();
    double max = in.number();
    BigInteger sum = in.integer();
    BigInteger squares = in.integer();
    Bins bins = bins(in, finite);
    boolean few = in.unsigned() != 0;
    return new NumericSummary(
        nan,
        positiveInfinite,
        negativeInfinite,
        finite,
        min,
        max,
        sum,
        squares,
        bins,
        few ? values(in) : null,
        few ? null : in.raw(Distinct.STATE_BYTES),
        finite(in, histogram(in, reference), finite, negativeInfinite, positiveInfinite));
  }

  /** The bins without the infinities. */
  private static @Nullable Histogram finite(
      ProfileInput in, @Nullable Histogram stored, long finite, long below, long above) {
    if (stored == null) {
      return null;
    }
    long[] counts = stored.counts();
    counts[0] -= below;
    counts[counts.length - 1] -= above;
    if (counts[0] < 0 || counts[counts.length - 1] < 0) {
      throw in.corrupt("the outer bins of a histogram do not hold all infinities");
    }
    expectSum(in, finite, Arrays.stream(counts).boxed().toList());
    return new Histogram(stored.edges(), counts);
  }

  private static @Nullable Histogram histogram(ProfileInput in, @Nullable Histogram reference) {
    long kind = in.unsigned();
    if (kind == NO_HISTOGRAM) {
      return null;
    }
    if (kind == OWN_EDGES) {
      return counts(in, edges(in));
    }
    if (kind == REFERENCE_EDGES && reference != null) {
      return counts(in, reference.edges());
    }
    throw in.corrupt("a histogram of kind " + kind + " cannot be here");
  }

  private static BinEdges edges(ProfileInput in) {
    double[] edges = new double[in.size()];
    for (int i = 0; i < edges.length; i++) {
      edges[i] = in.number();
      if (!Double.isFinite(edges[i]) || (i > 0 && edges[i] <= edges[i - 1])) {
        throw in.corrupt("edge " + i + " of a histogram is " + edges[i]);
      }
    }
    return new BinEdges(edges);
  }

  private static Histogram counts(ProfileInput in, BinEdges edges) {
    long[] counts = new long[edges.bins()];
    for (int i = 0; i < counts.length; i++) {
      counts[i] = in.unsigned();
    }
    return new Histogram(edges, counts);
  }

  private static Bins bins(ProfileInput in, long finite) {
    int size = in.size();
    int[] keys = new int[size];
    long[] counts = new long[size];
    long key = 0;
    for (int i = 0; i < size; i++) {
      key += in.signed();
      if (Math.abs(key) > Bins.MAX_KEY || (i > 0 && key <= keys[i - 1])) {
        throw in.corrupt("bin " + i + " has key " + key);
      }
      keys[i] = (int) key;
      counts[i] = in.unsigned();
    }
    Bins bins = new Bins(keys, counts);
    if (bins.total() != finite) {
      throw in.corrupt("bins hold " + bins.total() + " of " + finite + " numbers");
    }
    return bins;
  }

  private static ValueCounts values(ProfileInput in) {
    SortedMap<Double, Long> counts = new TreeMap<>();
    for (int left = in.size(); left > 0; left--) {
      counts.put(in.number(), in.unsigned());
    }
    if (counts.size() > ValueCounts.MAX_VALUES) {
      throw in.corrupt(counts.size() + " numbers are counted each by itself");
    }
    return new ValueCounts(counts);
  }
}
