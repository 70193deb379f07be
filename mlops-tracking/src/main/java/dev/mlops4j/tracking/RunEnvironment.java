package dev.mlops4j.tracking;

import dev.mlops4j.Digest;
import dev.mlops4j.model.Environment;
import java.util.Collections;
import java.util.SortedMap;
import java.util.TreeMap;

/** Where the runs of this process happen, as names and values that can be compared. */
final class RunEnvironment {

  private static final String CLASS_PATH = "class path: ";

  /** Set by the JVMs that know it; the main class and its arguments, joined by blanks. */
  private static final String COMMAND_PROPERTY = "sun.java.command";

  private RunEnvironment() {}

  /** Captured once a process. */
  static SortedMap<String, String> current() {
    return Captured.ENTRIES;
  }

  static SortedMap<String, String> of(Environment environment, String command) {
    SortedMap<String, String> entries = new TreeMap<>(environment.properties());
    for (Environment.ClassPathEntry entry : environment.classPath()) {
      Digest digest = entry.digest();
      String value = digest == null ? "directory" : digest.hex();
      entries.merge(CLASS_PATH + entry.name(), value, (one, other) -> one + " " + other);
    }
    if (!command.isBlank()) {
      entries.put("command", CommandMask.mask(command));
    }
    return Collections.unmodifiableSortedMap(entries);
  }

  private static final class Captured {
    static final SortedMap<String, String> ENTRIES =
        of(Environment.current(), System.getProperty(COMMAND_PROPERTY, ""));
  }
}
