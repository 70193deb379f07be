package dev.mlops4j.feature;

import java.util.List;
import java.util.Optional;

/** What a view, a column, a feature or an alias may be called. */
final class Names {

  private static final int LONGEST = 200;

  private Names() {}

  /** Throws at once. */
  static void check(String what, String name) {
    problem(what, name)
        .ifPresent(
            problem -> {
              throw new FeatureDefinitionException(problem);
            });
  }

  /** Adds to the problems. */
  static void check(String what, String name, List<String> problems) {
    problem(what, name).ifPresent(problems::add);
  }

  private static Optional<String> problem(String what, String name) {
    if (name.isBlank()
        || name.length() > LONGEST
        || name.chars().anyMatch(Character::isISOControl)) {
      return Optional.of(
          what
              + " has the name \""
              + name.replaceAll("\\p{Cntrl}", "?")
              + "\"; a name is not blank, has no control characters and at most "
              + LONGEST
              + " characters");
    }
    return Optional.empty();
  }
}
