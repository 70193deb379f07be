package dev.mlops4j.cli;

import static org.assertj.core.api.Assertions.assertThat;

import io.zonky.test.db.postgres.embedded.EmbeddedPostgres;
import java.io.IOException;
import java.sql.Connection;
import java.sql.SQLException;
import java.sql.Statement;
import org.junit.jupiter.api.Test;

/** The command on a workspace whose databases are a schema of PostgreSQL. */
class PostgresTest extends CommandLineTest {

  @Test
  void theTablesOfDdlAreWhatTheCommandsNeed() throws IOException, SQLException {
    try (EmbeddedPostgres server = start()) {
      String[] database = {
        "--database",
        "jdbc:postgresql://localhost:" + server.getPort() + "/postgres",
        "--database-user",
        "postgres",
        "--schema",
        "ml"
      };
      assertThat(importing(database)).isEqualTo(1);
      assertThat(err.lines()).hasSize(1);
      assertThat(bare("workspace", "ddl", "--schema", "ml")).isZero();
      try (Connection connection = server.getPostgresDatabase().getConnection();
          Statement statement = connection.createStatement()) {
        statement.execute(out);
      }
      assertThat(importing(database)).as(err).isZero();
      assertThat(mlops(with(database, "models", "list"))).as(err).isZero();
      assertThat(out).containsPattern("late +none +1");
      assertThat(mlops(with(database, "workspace", "check"))).isZero();
      assertThat(mlops(with(database, "runs", "list"))).isZero();
      assertThat(mlops(with(database, "features", "list"))).isZero();
      // Nothing is in the directory's own files.
      assertThat(workspace().resolve("metadata.db")).doesNotExist();
    }
  }

  @Test
  void aWorkspaceGoesToPostgresAndBack() throws IOException {
    assertThat(importing()).as(err).isZero();
    try (EmbeddedPostgres server = start()) {
      String url = "jdbc:postgresql://localhost:" + server.getPort() + "/postgres";
      String home = workspace().toString();
      String shared = directory.resolve("shared").toString();
      String back = directory.resolve("back").toString();
      assertThat(
              bare(
                  "workspace",
                  "copy",
                  "--from",
                  home,
                  "--to",
                  shared,
                  "--to-database",
                  url,
                  "--to-database-user",
                  "postgres",
                  "--json"))
          .as(err)
          .isZero();
      String there = out;
      assertThat(
              bare(
                  "workspace",
                  "copy",
                  "--from",
                  shared,
                  "--from-database",
                  url,
                  "--from-database-user",
                  "postgres",
                  "--to",
                  back,
                  "--json"))
          .as(err)
          .isZero();
      assertThat(out).isEqualTo(there);
      assertThat(bare("models", "list", "--workspace", back)).isZero();
      assertThat(out).containsPattern("late +none +1");
      assertThat(
              bare(
                  "workspace",
                  "backup",
                  directory.resolve("backup").toString(),
                  "--workspace",
                  shared,
                  "--database",
                  url,
                  "--database-user",
                  "postgres"))
          .isEqualTo(4);
      assertThat(err).contains("pg_dump").hasLineCount(1);
    }
  }

  private static EmbeddedPostgres start() throws IOException {
    return EmbeddedPostgres.builder().setLocaleConfig("encoding", "UTF-8").start();
  }

  private static String[] with(String[] database, String... command) {
    String[] all = new String[command.length + database.length];
    System.arraycopy(command, 0, all, 0, command.length);
    System.arraycopy(database, 0, all, command.length, database.length);
    return all;
  }
}
