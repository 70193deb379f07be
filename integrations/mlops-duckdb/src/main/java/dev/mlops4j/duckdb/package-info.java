/**
 * Parquet files as datasets and sources of rows, and an in-memory DuckDB for {@link
 * dev.mlops4j.data.JdbcSource}. Nothing here uses the network: no extension is fetched or loaded by
 * itself, what is needed is built in.
 */
@NullMarked
package dev.mlops4j.duckdb;

import org.jspecify.annotations.NullMarked;
