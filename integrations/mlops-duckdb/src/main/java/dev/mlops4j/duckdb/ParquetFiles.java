package dev.mlops4j.duckdb;

import java.nio.file.Path;
import java.util.List;
import java.util.stream.Collectors;
import java.util.stream.Stream;

/**
 * Files as DuckDB's reader is told of them.
 *
 * @param patterns what DuckDB takes as patterns
 * @param name as people know them
 */
record ParquetFiles(List<String> patterns, String name) {

  private static final int MOST_NAMED = 3;

  ParquetFiles {
    patterns = List.copyOf(patterns);
  }

  /** These files and no others: what would be a pattern's sign stands for itself. */
  static ParquetFiles of(Path... files) {
    if (files.length == 0) {
      throw new IllegalArgumentException("there is no file to read");
    }
    String name =
        Stream.of(files).limit(MOST_NAMED).map(Path::toString).collect(Collectors.joining(", "));
    return new ParquetFiles(
        Stream.of(files).map(ParquetFiles::escaped).toList(),
        files.length > MOST_NAMED ? name + " and " + (files.length - MOST_NAMED) + " more" : name);
  }

  static ParquetFiles matching(String pattern) {
    return new ParquetFiles(List.of(pattern), pattern);
  }

  boolean isOneFile() {
    String only = patterns.get(0);
    return patterns.size() == 1 && only.replaceAll("\\[[*?\\[]]", "").matches("(?s)[^*?\\[]*");
  }

  /** The list as SQL. */
  String list() {
    return patterns.stream().map(DuckDb::literal).collect(Collectors.joining(", ", "[", "]"));
  }

  /** The rows as SQL. A directory named {@code year=2024} is a directory, not a column. */
  String table() {
    return "read_parquet(" + list() + ", hive_partitioning = false)";
  }

  /** Absolute, so that no name looks like the address of a server. */
  private static String escaped(Path file) {
    return file.toAbsolutePath().toString().replaceAll("[*?\\[]", "[$0]");
  }
}
