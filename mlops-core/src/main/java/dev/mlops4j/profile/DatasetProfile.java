package dev.mlops4j.profile;

import dev.mlops4j.data.Dataset;
import dev.mlops4j.data.Field;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;

/**
 * The summary of a dataset, column by column. Immutable, safe for any number of threads; equal to
 * another one that says the same, names and bounds of frequent texts that are not counted by
 * themselves left out ({@link CategorySummary#frequent}).
 *
 * <p>Memory is bounded whatever the number of rows: an ordinary column takes a few kilobytes.
 *
 * <pre>{@code
 * DatasetProfile january = DatasetProfile.of(januaryRows);
 * DatasetProfile winter = january.merge(DatasetProfile.of(februaryRows));
 * double mean = winter.numbers("wind_speed").mean();
 * long fromJfk = winter.categories("origin").counts().get("JFK");
 * }</pre>
 */
public final class DatasetProfile {

  private final long rowCount;
  private final Map<String, ColumnProfile> columns;

  DatasetProfile(long rowCount, List<ColumnProfile> columns) {
    this.rowCount = rowCount;
    this.columns = new LinkedHashMap<>();
    columns.forEach(column -> this.columns.put(column.name(), column));
  }

  /** Profiles every column in one pass over its values. */
  public static DatasetProfile of(Dataset dataset) {
    return of(dataset, RowSelection.all(dataset.rowCount()), Map.of());
  }

  /**
   * Profiles every column, and counts numbers in the bins of the reference's {@linkplain
   * NumericSummary#histogram histogram} of the column of the same name, where it has one.
   */
  public static DatasetProfile of(Dataset dataset, DatasetProfile reference) {
    return of(dataset, RowSelection.all(dataset.rowCount()), edges(reference));
  }

  static Map<String, BinEdges> edges(DatasetProfile reference) {
    Map<String, BinEdges> edges = new HashMap<>();
    for (ColumnProfile column : reference.columns()) {
      column
          .numbers()
          .flatMap(NumericSummary::histogram)
          .ifPresent(histogram -> edges.put(column.name(), histogram.edges()));
    }
    return edges;
  }

  static DatasetProfile of(Dataset dataset, RowSelection rows, Map<String, BinEdges> edges) {
    List<ColumnProfile> profiles = new ArrayList<>();
    for (Field field : dataset.schema().fields()) {
      profiles.add(
          ColumnProfiler.profile(
              field, dataset.column(field.name()), rows, edges.get(field.name())));
    }
    return new DatasetProfile(rows.size(), profiles);
  }

  /** How many rows there are. */
  public long rowCount() {
    return rowCount;
  }

  /** The columns in the order of the dataset. */
  public List<ColumnProfile> columns() {
    return List.copyOf(columns.values());
  }

  /** Whether there is a column of this name. */
  public boolean contains(String name) {
    return columns.containsKey(name);
  }

  /**
   * The column of this name.
   *
   * @throws ProfileException if there is none; the message lists the columns there are
   */
  public ColumnProfile column(String name) {
    ColumnProfile column = columns.get(name);
    if (column == null) {
      throw new ProfileException(
          "no column \""
              + name
              + "\" in the profile; there are: "
              + String.join(", ", columns.keySet()));
    }
    return column;
  }

  /**
   * The numbers of the column of this name.
   *
   * @throws ProfileException if there is none, or it has no numbers
   */
  public NumericSummary numbers(String name) {
    ColumnProfile column = column(name);
    return column.numbers().orElseThrow(() -> without("numbers", column));
  }

  /**
   * The categories of the column of this name.
   *
   * @throws ProfileException if there is none, or it has no categories
   */
  public CategorySummary categories(String name) {
    ColumnProfile column = column(name);
    return column.categories().orElseThrow(() -> without("categories", column));
  }

  /**
   * The profile of the rows of both. A column keeps its {@linkplain NumericSummary#histogram
   * histogram} if both have one of the same edges.
   *
   * @throws ProfileException if the columns differ in name, type, order or sensitivity
   */
  public DatasetProfile merge(DatasetProfile other) {
    List<ColumnProfile> mine = columns();
    List<ColumnProfile> theirs = other.columns();
    if (!fits(other)) {
      throw new ProfileException(
          "profiles of different columns cannot be merged: "
              + mine
              + " and "
              + theirs
              + "; profile the same columns in the same order");
    }
    List<ColumnProfile> merged = new ArrayList<>();
    for (int i = 0; i < mine.size(); i++) {
      merged.add(mine.get(i).merge(theirs.get(i)));
    }
    return new DatasetProfile(Math.addExact(rowCount, other.rowCount), merged);
  }

  /** Whether it is of the same columns in the same order. */
  boolean fits(DatasetProfile other) {
    List<ColumnProfile> mine = columns();
    List<ColumnProfile> theirs = other.columns();
    boolean fits = mine.size() == theirs.size();
    for (int i = 0; fits && i < mine.size(); i++) {
      fits = mine.get(i).fits(theirs.get(i));
    }
    return fits;
  }

  /**
   * The same, but that rows without a value of this column are no rows of it: for outcomes, where
   * nothing is known yet is not what changed. {@link #rowCount} stays; {@link ColumnProfile#count}
   * of the column is smaller then.
   *
   * @throws ProfileException if there is no such column
   */
  public DatasetProfile withoutMissing(String name) {
    ColumnProfile known = column(name).withoutMissing();
    return new DatasetProfile(
        rowCount,
        columns().stream().map(column -> column.name().equals(name) ? known : column).toList());
  }

  @Override
  public boolean equals(Object other) {
    return other instanceof DatasetProfile that
        && Arrays.equals(ProfileCodec.encode(this), ProfileCodec.encode(that));
  }

  @Override
  public int hashCode() {
    return Arrays.hashCode(ProfileCodec.encode(this));
  }

  @Override
  public String toString() {
    return "DatasetProfile " + rowCount + " rows " + columns.values();
  }

  private static ProfileException without(String asked, ColumnProfile column) {
    return new ProfileException(
        "column \""
            + column.name()
            + "\" has no "
            + asked
            + " in the profile: it is "
            + column.type()
            + (column.sensitive() ? " and sensitive" : ""));
  }
}
