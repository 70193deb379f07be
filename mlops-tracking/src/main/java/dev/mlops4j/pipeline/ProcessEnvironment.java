package dev.mlops4j.pipeline;

import java.util.Locale;
import java.util.Map;
import java.util.Set;
import java.util.function.Function;

/**
 * The variables of a process.
 *
 * @param stated texts and inputs by name
 * @param inherited names of those that are passed on, beside the usual ones
 * @param inheritsAll whether all are
 */
record ProcessEnvironment(Map<String, Object> stated, Set<String> inherited, boolean inheritsAll) {

  /** What programs need to find others, their user and the language; in capitals. */
  private static final Set<String> USUAL =
      Set.of(
          "PATH",
          "HOME",
          "USER",
          "LOGNAME",
          "LANG",
          "LANGUAGE",
          "TZ",
          "TMPDIR",
          "PATHEXT",
          "SYSTEMROOT",
          "WINDIR",
          "COMSPEC",
          "TEMP",
          "TMP",
          "USERPROFILE",
          "APPDATA",
          "LOCALAPPDATA");

  private static final String LOCALE = "LC_";

  ProcessEnvironment {
    inherited = Set.copyOf(inherited);
  }

  /** Leaves of the program's own variables those that the process is to have, and adds its own. */
  void apply(Map<String, String> environment, Function<Object, String> text) {
    if (!inheritsAll) {
      environment.keySet().removeIf(name -> !isPassedOn(name));
    }
    stated.forEach((name, value) -> environment.put(name, text.apply(value)));
  }

  private boolean isPassedOn(String name) {
    String capitals = name.toUpperCase(Locale.ROOT);
    return USUAL.contains(capitals) || name.startsWith(LOCALE) || inherited.contains(name);
  }
}
