package dev.mlops4j.cli;

import dev.mlops4j.storage.Database;
import org.jspecify.annotations.Nullable;
import org.postgresql.ds.PGSimpleDataSource;

/** Opens databases on a server. No password is ever an argument, which every user can read. */
final class Postgres {

  private static final String PREFIX = "jdbc:postgresql:";

  private Postgres() {}

  /**
   * The database at this URL. The password is that of the first of the variables that is set, else
   * what the driver finds in the file of passwords of PostgreSQL's own programs.
   *
   * @param option whose value the URL is, for messages
   * @param user null or blank for that of the environment
   */
  static Database open(
      String option, String url, @Nullable String user, String schema, String... variables) {
    if (!url.startsWith(PREFIX)) {
      throw new IllegalArgumentException(
          option + " takes a URL that begins with " + PREFIX + ", found another");
    }
    PGSimpleDataSource source = new PGSimpleDataSource();
    source.setUrl(url);
    String named = user == null || user.isBlank() ? System.getenv("PGUSER") : user;
    if (named != null && !named.isBlank()) {
      source.setUser(named);
    }
    for (String variable : variables) {
      String password = System.getenv(variable);
      if (password != null) {
        source.setPassword(password);
        break;
      }
    }
    return Database.postgres(source, schema);
  }
}
