package dev.mlops4j.duckdb;

import dev.mlops4j.data.Dataset;
import dev.mlops4j.data.Field;
import dev.mlops4j.data.RowSourceException;
import dev.mlops4j.data.Schema;
import dev.mlops4j.data.SchemaException;
import java.nio.file.Path;
import java.time.ZoneId;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/**
 * How Parquet files are read. Not safe for use by several threads.
 *
 * <p><b>Columns</b> are found by name; those not declared are ignored, those not there are an
 * error. Floating point numbers, integers and decimals fit FLOAT64 (rounded to the nearest double),
 * integers INT64 (an error beyond its range), truth values BOOLEAN, texts and UUIDs STRING.
 * TIMESTAMP takes times adjusted to UTC; others, and dates, after {@link #zone}. What is finer than
 * a microsecond is cut off; NaN is a value, null is missing. Lists of FLOAT or DOUBLE fit an array
 * of floats that is declared, if each has its length and no null in it; doubles are rounded to the
 * nearest float, and an error beyond its range. Other lists and structures are refused. A column
 * must be the same in all files. Names of directories such as {@code year=2024} are no columns.
 *
 * <p><b>Inferred schema.</b> Without {@link #schema} the columns are those of the file, none
 * required.
 */
public final class ParquetOptions {

  private @Nullable Schema schema;
  private @Nullable ZoneId zone;
  private DuckDbLimits limits = DuckDbLimits.defaults();
  private final Set<String> sensitive = new LinkedHashSet<>();
  private final Set<String> hidden = new LinkedHashSet<>();

  ParquetOptions() {}

  /** The columns that are wanted, in the order in which the dataset will have them. */
  public ParquetOptions schema(Schema schema) {
    this.schema = schema;
    return this;
  }

  /**
   * The zone of times that are not adjusted to UTC, as pandas writes those without one; without it,
   * such a column is an error.
   */
  public ParquetOptions zone(ZoneId zone) {
    this.zone = zone;
    return this;
  }

  /** Marks columns as sensitive, for a schema that is inferred; adds to those declared. */
  public ParquetOptions sensitive(String... columns) {
    sensitive.addAll(List.of(columns));
    return this;
  }

  /** What DuckDB may use of the machine; {@link DuckDbLimits#defaults()} unless given. */
  public ParquetOptions limits(DuckDbLimits limits) {
    this.limits = limits;
    return this;
  }

  /**
   * Reads the rows of these files, one file after the other.
   *
   * @throws SchemaException with all problems, if columns lack, differ between files or have types
   *     that do not fit; or if a required value is missing
   * @throws RowSourceException if a file cannot be read; where a column is sensitive, without
   *     DuckDB's message and cause if they may show a value
   */
  public Dataset read(Path... files) {
    return ParquetScan.read(ParquetFiles.of(files), this);
  }

  ParquetOptions copy() {
    ParquetOptions copy = new ParquetOptions();
    copy.schema = schema;
    copy.zone = zone;
    copy.limits = limits;
    copy.sensitive.addAll(sensitive);
    copy.hidden.addAll(hidden);
    return copy;
  }

  /** The same, whose messages show no value of these columns either. */
  ParquetOptions hiding(Set<String> columns) {
    ParquetOptions copy = copy();
    copy.hidden.addAll(columns);
    return copy;
  }

  /** Whether messages show no value of this column. */
  boolean hides(Field field) {
    return field.sensitive() || hidden.contains(field.name());
  }

  boolean hidesAny() {
    return !hidden.isEmpty()
        || !sensitive.isEmpty()
        || (schema != null && !schema.sensitive().isEmpty());
  }

  @Nullable Schema schema() {
    return schema;
  }

  @Nullable ZoneId zone() {
    return zone;
  }

  DuckDbLimits limits() {
    return limits;
  }

  Set<String> sensitiveNames() {
    return sensitive;
  }

  Field marked(Field field) {
    return new Field(
        field.name(),
        field.type(),
        field.required(),
        field.sensitive() || sensitive.contains(field.name()));
  }
}
