package dev.mlops4j.registry;

import dev.mlops4j.Digest;
import dev.mlops4j.model.DatasetReference;
import dev.mlops4j.model.Environment;
import dev.mlops4j.model.Manifest;
import dev.mlops4j.model.Signature;
import dev.mlops4j.report.Printable;
import dev.mlops4j.report.TextTable;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.Objects;
import java.util.SortedMap;
import java.util.TreeMap;
import java.util.TreeSet;
import org.jspecify.annotations.Nullable;

/**
 * Two versions side by side, from what their packages say and what was recorded at their
 * registration: no run is needed. Immutable.
 *
 * <pre>{@code
 * System.out.println(registry.explain(champion, challenger).toText(100));
 * }</pre>
 *
 * @param before the one
 * @param after the other
 * @param rows what is compared, section by section, in each by key; also what is the same
 */
public record VersionComparison(VersionDetails before, VersionDetails after, List<Row> rows) {

  /** How many rows of a section a text shows; the others are counted. */
  private static final int MOST_SHOWN = 12;

  private static final String ABSENT = "-";

  /** Copies the rows. */
  public VersionComparison {
    rows = List.copyOf(rows);
  }

  /** Compares what is known of two versions. */
  public static VersionComparison of(VersionDetails before, VersionDetails after) {
    List<Row> rows = new ArrayList<>();
    for (Section section : Section.values()) {
      SortedMap<String, String> one = values(section, before);
      SortedMap<String, String> other = values(section, after);
      TreeSet<String> keys = new TreeSet<>(one.keySet());
      keys.addAll(other.keySet());
      keys.forEach(key -> rows.add(new Row(section, key, one.get(key), other.get(key))));
    }
    return new VersionComparison(before, after, rows);
  }

  /** What changed. */
  public List<Row> differences() {
    return rows.stream().filter(Row::differs).toList();
  }

  /** What changed, as a table for terminals and logs, as wide as it needs to be. */
  public String toText() {
    return toText(Integer.MAX_VALUE);
  }

  /**
   * What changed, as a table of at most this width, in one screen: of a section with many
   * differences the first twelve are shown, and the others counted.
   */
  public String toText(int width) {
    List<Row> shown = shown();
    if (shown.isEmpty()) {
      return title(before) + " and " + title(after) + " do not differ";
    }
    TextTable.Builder table =
        TextTable.builder()
            .left("")
            .left("")
            .left(title(before))
            .left(title(after))
            .right("change")
            .width(width);
    for (Row row : shown) {
      table.row(
          row.section().title(),
          Printable.of(row.key()),
          plain(row.before()),
          plain(row.after()),
          row.change());
    }
    return table.build().toString();
  }

  /** What changed, as a table of GitHub's Markdown, of as many rows as {@link #toText(int)}. */
  public String toMarkdown() {
    StringBuilder text = new StringBuilder();
    line(text, "", "", title(before), title(after), "change");
    text.append("|---|---|---|---|---:|\n");
    for (Row row : shown()) {
      line(
          text,
          row.section().title(),
          row.key(),
          row.before() == null ? ABSENT : row.before(),
          row.after() == null ? ABSENT : row.after(),
          row.change());
    }
    return text.toString();
  }

  private List<Row> shown() {
    List<Row> shown = new ArrayList<>();
    for (Section section : Section.values()) {
      List<Row> all = differences().stream().filter(row -> row.section() == section).toList();
      shown.addAll(all.subList(0, Math.min(MOST_SHOWN, all.size())));
      if (all.size() > MOST_SHOWN) {
        shown.add(new Row(section, "... and " + (all.size() - MOST_SHOWN) + " more", "", null));
      }
    }
    return shown;
  }

  private static void line(StringBuilder text, String... cells) {
    text.append('|');
    for (String cell : cells) {
      text.append(' ').append(escaped(cell)).append(" |");
    }
    text.append('\n');
  }

  /** Nothing of a cell ends it, begins a tag, a link or an emphasis. */
  private static String escaped(String cell) {
    StringBuilder escaped = new StringBuilder();
    Printable.of(cell)
        .codePoints()
        .forEach(
            c -> {
              switch (c) {
                case '|', '\\', '`', '*', '_', '[', ']' -> escaped.append('\\').appendCodePoint(c);
                case '<' -> escaped.append("&lt;");
                case '>' -> escaped.append("&gt;");
                case '&' -> escaped.append("&amp;");
                default -> escaped.appendCodePoint(c);
              }
            });
    return escaped.toString();
  }

  private static String title(VersionDetails details) {
    return details.version().label();
  }

  private static String plain(@Nullable String value) {
    return value == null ? ABSENT : Printable.of(value);
  }

  private static SortedMap<String, String> values(Section section, VersionDetails details) {
    return switch (section) {
      case VERSION -> version(details);
      case INPUT -> inputs(details.manifest().signature());
      case PARAM -> details.facts().params();
      case METRIC -> metrics(details);
      case DATASET -> datasets(details);
      case ENVIRONMENT -> new TreeMap<>(details.manifest().environment().properties());
      case CLASS_PATH -> classPath(details.manifest().environment());
    };
  }

  private static SortedMap<String, String> version(VersionDetails details) {
    Manifest manifest = details.manifest();
    Digest fingerprint = manifest.featureFingerprint();
    SortedMap<String, String> values = new TreeMap<>();
    values.put("format", manifest.format());
    values.put("feature set", manifest.featureSet());
    values.put("features", fingerprint == null ? "no fingerprint" : fingerprint.shortHex());
    values.put("output", manifest.signature().output().toString());
    values.put("package", details.version().packageDigest().shortHex());
    values.put("bytes", Long.toString(details.bytes()));
    values.put("registered", details.version().registeredAt().toString());
    if (manifest.runId() != null) {
      values.put("run", manifest.runId());
    }
    if (details.importedFrom() != null) {
      values.put("imported from", details.importedFrom());
    }
    return values;
  }

  private static SortedMap<String, String> inputs(Signature signature) {
    SortedMap<String, String> values = new TreeMap<>();
    for (int i = 0; i < signature.width(); i++) {
      Signature.Input input = signature.inputs().get(i);
      values.put(
          input.name(),
          input.type().name().toLowerCase(Locale.ROOT)
              + (input.categories().isEmpty()
                  ? ""
                  : " of "
                      + input.categories().size()
                      + ", "
                      + Digest.of(String.join("\0", input.categories())).shortHex())
              + ", place "
              + (i + 1));
    }
    return values;
  }

  private static SortedMap<String, String> metrics(VersionDetails details) {
    SortedMap<String, String> values = new TreeMap<>();
    details.facts().metrics().forEach((key, value) -> values.put(key, Double.toString(value)));
    return values;
  }

  private static SortedMap<String, String> datasets(VersionDetails details) {
    SortedMap<String, String> values = new TreeMap<>();
    for (DatasetReference dataset : details.datasets()) {
      values.merge(
          dataset.role() + ": " + dataset.name(),
          dataset.rows() + " rows, " + dataset.digest().shortHex(),
          (one, other) -> one + "; " + other);
    }
    return values;
  }

  private static SortedMap<String, String> classPath(Environment environment) {
    SortedMap<String, String> values = new TreeMap<>();
    for (Environment.ClassPathEntry entry : environment.classPath()) {
      Digest digest = entry.digest();
      values.merge(
          entry.name(),
          digest == null ? "directory" : digest.shortHex(),
          (one, other) -> one + "; " + other);
    }
    return values;
  }

  /** What a row is about. */
  public enum Section {
    /** The version itself: format, features, output, size, digest, run. */
    VERSION,
    /** The inputs: type, categories and their digest, place in the vector. */
    INPUT,
    /** Params of the run. */
    PARAM,
    /** Metrics of the run as of registration. */
    METRIC,
    /** Datasets, by role and name. */
    DATASET,
    /** Where the model was trained. */
    ENVIRONMENT,
    /** The class path it was trained with, by file. */
    CLASS_PATH;

    private String title() {
      return name().toLowerCase(Locale.ROOT).replace('_', ' ');
    }
  }

  /**
   * One thing that is compared.
   *
   * @param section what it is about
   * @param key its name
   * @param before the value of the one, or null if it has none
   * @param after the value of the other, or null if it has none
   */
  public record Row(Section section, String key, @Nullable String before, @Nullable String after) {

    /** Whether they differ. */
    public boolean differs() {
      return !Objects.equals(before, after);
    }

    /** How a metric changed, with a sign and six digits; empty where that cannot be told. */
    public String change() {
      if (section != Section.METRIC || before == null || after == null || before.isEmpty()) {
        return "";
      }
      double change = Double.parseDouble(after) - Double.parseDouble(before);
      return Double.isFinite(change) ? String.format(Locale.ROOT, "%+.6g", change) : "";
    }
  }
}
