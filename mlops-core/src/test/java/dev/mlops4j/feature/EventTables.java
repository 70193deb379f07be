package dev.mlops4j.feature;

import dev.mlops4j.data.JdbcSource;
import dev.mlops4j.data.RowSource;
import dev.mlops4j.data.TimestampForm;
import java.nio.file.Path;
import java.sql.Connection;
import java.sql.PreparedStatement;
import java.sql.SQLException;
import java.sql.Statement;
import java.time.Instant;
import java.util.List;
import org.sqlite.SQLiteDataSource;

/** Tables of random events in a SQLite file, with times as microseconds and as texts. */
final class EventTables implements AutoCloseable {

  private final SQLiteDataSource sqlite = new SQLiteDataSource();
  private final Connection writing;

  EventTables(Path file) throws SQLException {
    sqlite.setUrl("jdbc:sqlite:" + file);
    sqlite.setJournalMode("WAL");
    sqlite.setSynchronous("OFF");
    writing = sqlite.getConnection();
    writing.setAutoCommit(false);
  }

  RowSource source(String table, boolean texts) {
    String time = texts ? "time_text" : "time_micros";
    String known = texts ? "known_text" : "known_micros";
    return JdbcSource.of(
            sqlite,
            ("SELECT a, b, %s AS time, %s AS known, id, number, text, whole, truth, vector FROM %s"
                    + " WHERE %s >= :from AND %s < :to")
                .formatted(time, known, table, time, time))
        .schema(RandomCase.SCHEMA)
        .timestampsAs(texts ? TimestampForm.ISO_8601 : TimestampForm.EPOCH_MICROS)
        .fetchSize(7)
        .build();
  }

  void create(String table, List<ReferenceFeatures.Event> events) throws SQLException {
    execute(
        "CREATE TABLE "
            + table
            + " (a TEXT, b INTEGER, time_micros INTEGER, known_micros INTEGER, time_text TEXT,"
            + " known_text TEXT, id TEXT, number REAL, text TEXT, whole INTEGER, truth BOOLEAN,"
            + " vector TEXT)");
    add(table, events);
  }

  void add(String table, List<ReferenceFeatures.Event> events) throws SQLException {
    try (PreparedStatement insert =
        writing.prepareStatement(
            "INSERT INTO " + table + " VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?)")) {
      for (ReferenceFeatures.Event event : events) {
        Instant time = (Instant) event.row().get("time");
        insert.setObject(1, event.row().get("a"));
        insert.setObject(2, event.row().get("b"));
        insert.setObject(3, Micros.of(time));
        insert.setObject(4, Micros.of(event.known()));
        insert.setObject(5, text(time));
        insert.setObject(6, text(event.known()));
        insert.setObject(7, event.id());
        insert.setObject(8, event.row().get("number"));
        insert.setObject(9, event.row().get("text"));
        insert.setObject(10, event.row().get("whole"));
        insert.setObject(11, event.row().get("truth"));
        Object vector = event.row().get("vector");
        insert.setObject(12, vector == null ? null : vector.toString());
        insert.executeUpdate();
      }
    }
    writing.commit();
  }

  void drop(String table) throws SQLException {
    execute("DROP TABLE " + table);
  }

  /** With six decimals always, so that texts have the order of the times. */
  private static String text(Instant time) {
    long micros = Micros.of(time);
    String whole = Instant.ofEpochSecond(Math.floorDiv(micros, 1_000_000)).toString();
    return whole.substring(0, whole.length() - 1)
        + ".%06dZ".formatted(Math.floorMod(micros, 1_000_000));
  }

  private void execute(String sql) throws SQLException {
    try (Statement statement = writing.createStatement()) {
      statement.execute(sql);
    }
    writing.commit();
  }

  @Override
  public void close() throws SQLException {
    writing.close();
  }
}
