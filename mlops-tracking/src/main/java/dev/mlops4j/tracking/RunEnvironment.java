package dev.mlops4j.tracking;

import dev.mlops4j.Digest;
import dev.mlops4j.model.Environment;
import dev.mlops4j.model.GitCheckout;
import java.util.Collections;
import java.util.List;
import java.util.Map;
import java.util.SortedMap;
import java.util.TreeMap;

/** Where the runs of this process happen, as names and values that can be compared. */
final class RunEnvironment {

  /** The commit that the code is of; not there if it is not known. */
  static final String GIT_COMMIT = "git.commit";

  /** The branch, if one is checked out. */
  static final String GIT_BRANCH = "git.branch";

  /** Whether there were changes that are not committed: true, false or unknown. */
  static final String GIT_DIRTY = "git.dirty";

  /** The main class and its arguments. */
  static final String COMMAND = "command";

  static final String CLASS_PATH = "class path: ";

  /** What an entry of the class path has instead of a digest. */
  static final String DIRECTORY = "directory";

  private static final String VARIABLE = "variable ";

  /** Set by the JVMs that know it; the main class and its arguments, joined by blanks. */
  private static final String COMMAND_PROPERTY = "sun.java.command";

  private RunEnvironment() {}

  /** That of this process; looked at once. */
  static SortedMap<String, String> current(TrackingOptions options) {
    String command =
        masked(
            System.getProperty(COMMAND_PROPERTY, ""),
            ProcessHandle.current().info().arguments().map(List::of).orElse(List.of()),
            options.mask());
    return of(Captured.ENTRIES, command, System.getenv(), options);
  }

  /**
   * A command without its secrets.
   *
   * @param command joined by blanks, which its arguments may have as well
   * @param arguments those of the process one by one, the JVM's own first; empty if not known
   */
  static String masked(String command, List<String> arguments, CommandMask mask) {
    for (int i = arguments.size() - 1; i >= 0; i--) {
      List<String> last = arguments.subList(i, arguments.size());
      if (command.equals(String.join(" ", last))) {
        return mask.mask(last);
      }
    }
    return mask.maskJoined(command);
  }

  static SortedMap<String, String> of(Environment environment, GitCheckout git) {
    SortedMap<String, String> entries = new TreeMap<>(environment.properties());
    for (Environment.ClassPathEntry entry : environment.classPath()) {
      Digest digest = entry.digest();
      String value = digest == null ? DIRECTORY : digest.hex();
      entries.merge(CLASS_PATH + entry.name(), value, (one, other) -> one + " " + other);
    }
    if (git.commit() != null) {
      entries.put(GIT_COMMIT, git.commit());
      Boolean dirty = git.isDirty();
      entries.put(GIT_DIRTY, dirty == null ? "unknown" : dirty.toString());
    }
    if (git.branch() != null) {
      entries.put(GIT_BRANCH, git.branch());
    }
    return entries;
  }

  /**
   * With what the options ask for.
   *
   * @param command without its secrets
   */
  static SortedMap<String, String> of(
      SortedMap<String, String> process,
      String command,
      Map<String, String> variables,
      TrackingOptions options) {
    SortedMap<String, String> entries = new TreeMap<>(process);
    if (!command.isBlank()) {
      entries.put(COMMAND, command);
    }
    for (String name : options.variables()) {
      String value = variables.get(name);
      if (value != null) {
        entries.put(VARIABLE + name, options.mask().mask(name, value));
      }
    }
    return Collections.unmodifiableSortedMap(entries);
  }

  private static final class Captured {
    static final SortedMap<String, String> ENTRIES =
        of(Environment.current(), GitCheckout.current());
  }
}
