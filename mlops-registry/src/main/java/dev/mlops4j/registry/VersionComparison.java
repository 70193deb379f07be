package dev.mlops4j.registry;

import dev.mlops4j.Digest;
import dev.mlops4j.model.DatasetReference;
import dev.mlops4j.model.Environment;
import dev.mlops4j.model.Manifest;
import dev.mlops4j.report.HtmlPage;
import dev.mlops4j.report.SideBySide;
import java.util.ArrayList;
import java.util.Arrays;
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
    List<Row> shown = differences();
    if (shown.isEmpty()) {
      return title(before) + " and " + title(after) + " do not differ";
    }
    return table(shown).atMost(MOST_SHOWN).toText(width);
  }

  /** What changed, as a table of GitHub's Markdown, of as many rows as {@link #toText(int)}. */
  public String toMarkdown() {
    return table(differences()).atMost(MOST_SHOWN).toMarkdown();
  }

  /**
   * All of it, as one file of HTML that needs nothing else, to be written in UTF-8; what is the
   * same is shown when the reader asks for it.
   */
  public String toHtml() {
    return HtmlPage.titled(title(before) + " and " + title(after)).table(table(rows)).toHtml();
  }

  private SideBySide table(List<Row> shown) {
    return new SideBySide(
        List.of(title(before), title(after)),
        true,
        shown.stream()
            .map(
                row ->
                    new SideBySide.Line(
                        row.section().title(),
                        row.key(),
                        Arrays.asList(row.before(), row.after()),
                        row.change()))
            .toList());
  }

  private static String title(VersionDetails details) {
    return details.version().label();
  }

  private static SortedMap<String, String> values(Section section, VersionDetails details) {
    return switch (section) {
      case VERSION -> version(details);
      case INPUT -> details.manifest().signature().inputProperties();
      case PARAM -> details.facts().params();
      case METRIC -> metrics(details);
      case DATASET -> datasets(details);
      case ENVIRONMENT -> new TreeMap<>(details.manifest().environment().properties());
      case CLASS_PATH -> classPath(details.manifest().environment());
    };
  }

  private static SortedMap<String, String> version(VersionDetails details) {
    Manifest manifest = details.manifest();
    SortedMap<String, String> values = manifest.properties();
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

  private static SortedMap<String, String> metrics(VersionDetails details) {
    SortedMap<String, String> values = new TreeMap<>();
    details.facts().metrics().forEach((key, value) -> values.put(key, Double.toString(value)));
    return values;
  }

  private static SortedMap<String, String> datasets(VersionDetails details) {
    return DatasetReference.properties(details.datasets());
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
      return section != Section.METRIC || before == null || after == null
          ? ""
          : SideBySide.change(Double.parseDouble(before), Double.parseDouble(after));
    }
  }
}
