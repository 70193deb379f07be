package dev.mlops4j.registry;

import dev.mlops4j.storage.Transaction;
import java.sql.SQLException;
import java.util.Map;
import java.util.Optional;
import java.util.SortedMap;
import java.util.TreeMap;
import org.jspecify.annotations.Nullable;

/** What people say of models, in {@link JdbcRegistrySchema}. */
final class JdbcModelInfo {

  private JdbcModelInfo() {}

  static Optional<ModelInfo> find(Transaction tx, String model) throws SQLException {
    Optional<ModelInfo> bare =
        tx.first(
            "SELECT description, owner FROM model WHERE name = ?",
            row ->
                new ModelInfo(
                    model, orEmpty(row.getString(1)), orEmpty(row.getString(2)), new TreeMap<>()),
            model);
    if (bare.isEmpty()) {
      return bare;
    }
    SortedMap<String, String> tags = new TreeMap<>();
    tx.scan(
        "SELECT t.name, t.value FROM model m JOIN model_tag t ON t.model_no = m.no"
            + " WHERE m.name = ?",
        row -> {
          tags.put(row.getString(1), row.getString(2));
          return true;
        },
        model);
    return bare.map(info -> new ModelInfo(model, info.description(), info.owner(), tags));
  }

  static void put(Transaction tx, long modelNo, ModelInfo info) throws SQLException {
    tx.update(
        "UPDATE model SET description = ?, owner = ? WHERE no = ?",
        info.description(),
        info.owner(),
        modelNo);
    tx.update("DELETE FROM model_tag WHERE model_no = ?", modelNo);
    for (Map.Entry<String, String> tag : info.tags().entrySet()) {
      tx.update(
          "INSERT INTO model_tag (model_no, name, value) VALUES (?, ?, ?)",
          modelNo,
          tag.getKey(),
          tag.getValue());
    }
  }

  private static String orEmpty(@Nullable String text) {
    return text == null ? "" : text;
  }
}
