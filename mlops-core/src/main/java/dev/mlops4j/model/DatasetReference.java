package dev.mlops4j.model;

import dev.mlops4j.Digest;
import dev.mlops4j.data.Dataset;
import dev.mlops4j.data.Field;
import dev.mlops4j.data.Schema;
import java.util.Collection;
import java.util.SortedMap;
import java.util.TreeMap;
import org.jspecify.annotations.Nullable;

/**
 * A dataset as lineage names it. Immutable.
 *
 * <pre>{@code
 * run.log(DatasetReference.of("flights", "test", Csv.read(Path.of("flights.csv"))));
 * }</pre>
 *
 * @param name what people call it
 * @param role what it was used for, such as {@code training}
 * @param digest its fingerprint
 * @param rows how many rows it has
 * @param schema its columns; null if they are not known
 * @param source where its rows came from, for people, such as {@code CSV /data/flights.csv}; empty
 *     if that is not known
 */
public record DatasetReference(
    String name, String role, Digest digest, long rows, @Nullable Schema schema, String source) {

  /** A dataset of which neither the columns nor the source are known. */
  public DatasetReference(String name, String role, Digest digest, long rows) {
    this(name, role, digest, rows, null, "");
  }

  /** A dataset with its digest, rows, columns and source. Takes its digest. */
  public static DatasetReference of(String name, String role, Dataset dataset) {
    return new DatasetReference(
        name, role, dataset.digest(), dataset.rowCount(), dataset.schema(), dataset.source());
  }

  /** The same dataset in another role. */
  public DatasetReference withRole(String other) {
    return new DatasetReference(name, other, digest, rows, schema, source);
  }

  /** The same dataset with another statement of where its rows came from. */
  public DatasetReference withSource(String stated) {
    return new DatasetReference(name, role, digest, rows, schema, stated);
  }

  /** Name, role, digest and rows alone, which tell datasets apart. */
  public DatasetReference withoutDetails() {
    return new DatasetReference(name, role, digest, rows);
  }

  /** This with the columns and the source of the other where they are not known here. */
  public DatasetReference orDetailsOf(DatasetReference other) {
    return new DatasetReference(
        name,
        role,
        digest,
        rows,
        schema == null ? other.schema : schema,
        source.isEmpty() ? other.source : source);
  }

  /**
   * What can be compared of datasets, by names to be shown: of each its rows and digest, its source
   * and its columns, where they are known.
   */
  public static SortedMap<String, String> properties(
      Collection<? extends DatasetReference> datasets) {
    SortedMap<String, String> values = new TreeMap<>();
    for (DatasetReference dataset : datasets) {
      String key = dataset.role + ": " + dataset.name;
      add(values, key, dataset.rows + " rows, " + dataset.digest.shortHex());
      if (!dataset.source.isEmpty()) {
        add(values, key + ", source", dataset.source);
      }
      if (dataset.schema != null) {
        for (Field field : dataset.schema.fields()) {
          add(values, key + ", column " + field.name(), type(field));
        }
      }
    }
    return values;
  }

  /** Several datasets may have one role and name, as when one is read again. */
  private static void add(SortedMap<String, String> values, String key, String value) {
    values.merge(key, value, (one, other) -> one.equals(other) ? one : one + "; " + other);
  }

  private static String type(Field field) {
    return field.type().name()
        + (field.required() ? " required" : "")
        + (field.sensitive() ? " sensitive" : "");
  }
}
