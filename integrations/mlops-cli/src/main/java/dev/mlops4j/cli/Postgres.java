package dev.mlops4j.cli;

import dev.mlops4j.storage.Database;
import java.util.regex.Pattern;
import org.jspecify.annotations.Nullable;
import org.postgresql.ds.PGSimpleDataSource;

/** Opens databases on a server. No password is ever an argument, which every user can read. */
final class Postgres {

  private static final String PREFIX = "jdbc:postgresql:";

  /** As a setting, or before the host, where the driver takes none. */
  private static final Pattern HAS_PASSWORD =
      Pattern.compile("(?i)[?&](?:ssl)?password=|//[^/?#]*@");

  private Postgres() {}

  /**
   * The database at this URL. The password is that of the first of the variables that is set, else
   * what the driver finds in the file of passwords of PostgreSQL's own programs.
   *
   * @param option whose value the URL is, for messages
   * @throws IllegalArgumentException if the URL has a password, or is none; it is not in the
   *     message
   * @param user null or blank for that of the environment
   */
  static Database open(
      String option, String url, @Nullable String user, String schema, String... variables) {
    if (!url.startsWith(PREFIX)) {
      throw new IllegalArgumentException(
          option + " takes a URL that begins with " + PREFIX + ", found another");
    }
    if (HAS_PASSWORD.matcher(url).find()) {
      throw new IllegalArgumentException(
          option
              + " takes a URL without a password, which every user of this machine can read there;"
              + " set $"
              + String.join(" or $", variables));
    }
    PGSimpleDataSource source = new PGSimpleDataSource();
    try {
      source.setUrl(url);
    } catch (IllegalArgumentException e) {
      // Its message has the whole URL, and so has its stack trace.
      throw new IllegalArgumentException(
          option
              + " takes a URL as "
              + PREFIX
              + "//HOST:PORT/NAME, found one that is not of this form");
    }
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
