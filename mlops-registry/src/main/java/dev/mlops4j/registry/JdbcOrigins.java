package dev.mlops4j.registry;

import dev.mlops4j.Digest;
import dev.mlops4j.data.Schema;
import dev.mlops4j.model.DatasetReference;
import dev.mlops4j.model.RunFacts;
import dev.mlops4j.storage.Transaction;
import java.sql.SQLException;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.SortedMap;
import java.util.TreeMap;
import org.jspecify.annotations.Nullable;

/** What was known of versions when they were registered, in {@link JdbcRegistrySchema}. */
final class JdbcOrigins {

  private static final String PARAM = "PARAM";
  private static final String METRIC = "METRIC";
  private static final String IMPORTED_FROM = "IMPORTED_FROM";

  private JdbcOrigins() {}

  static void put(Transaction tx, long modelNo, int number, Origin origin) throws SQLException {
    for (Map.Entry<String, String> param : origin.facts().params().entrySet()) {
      put(tx, modelNo, number, PARAM, param.getKey(), param.getValue());
    }
    for (Map.Entry<String, Double> metric : origin.facts().metrics().entrySet()) {
      put(tx, modelNo, number, METRIC, metric.getKey(), metric.getValue().toString());
    }
    if (origin.importedFrom() != null) {
      put(tx, modelNo, number, IMPORTED_FROM, "", origin.importedFrom());
    }
    int position = 0;
    for (DatasetReference dataset : origin.facts().datasets()) {
      tx.update(
          "INSERT INTO model_version_dataset (model_no, number, position, name, role, digest,"
              + " row_count, schema_json, source) VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?)",
          modelNo,
          number,
          position++,
          dataset.name(),
          dataset.role(),
          dataset.digest().hex(),
          dataset.rows(),
          dataset.schema() == null ? null : dataset.schema().toJson(),
          dataset.source().isEmpty() ? null : dataset.source());
    }
  }

  static Origin find(Transaction tx, long modelNo, int number) throws SQLException {
    SortedMap<String, Double> metrics = new TreeMap<>();
    facts(tx, modelNo, number, METRIC)
        .forEach((key, value) -> metrics.put(key, Double.valueOf(value)));
    @Nullable String importedFrom = facts(tx, modelNo, number, IMPORTED_FROM).get("");
    List<DatasetReference> datasets = new ArrayList<>();
    tx.scan(
        "SELECT name, role, digest, row_count, schema_json, source"
            + " FROM model_version_dataset"
            + " WHERE model_no = ? AND number = ? ORDER BY position",
        row -> {
          datasets.add(
              new DatasetReference(
                  row.getString(1),
                  row.getString(2),
                  new Digest(row.getString(3)),
                  row.getLong(4),
                  schema(row.getString(5)),
                  Objects.requireNonNullElse(row.getString(6), "")));
          return true;
        },
        modelNo,
        number);
    return new Origin(
        new RunFacts(facts(tx, modelNo, number, PARAM), metrics, datasets), importedFrom);
  }

  private static @Nullable Schema schema(@Nullable String json) {
    return json == null ? null : Schema.ofJson(json);
  }

  private static void put(
      Transaction tx, long modelNo, int number, String kind, String name, String value)
      throws SQLException {
    tx.update(
        "INSERT INTO model_version_fact (model_no, number, kind, name, value)"
            + " VALUES (?, ?, ?, ?, ?)",
        modelNo,
        number,
        kind,
        name,
        value);
  }

  private static SortedMap<String, String> facts(
      Transaction tx, long modelNo, int number, String kind) throws SQLException {
    SortedMap<String, String> facts = new TreeMap<>();
    tx.scan(
        "SELECT name, value FROM model_version_fact"
            + " WHERE model_no = ? AND number = ? AND kind = ?",
        row -> {
          facts.put(row.getString(1), row.getString(2));
          return true;
        },
        modelNo,
        number,
        kind);
    return facts;
  }
}
