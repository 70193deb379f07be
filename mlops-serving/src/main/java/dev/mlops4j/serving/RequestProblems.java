package dev.mlops4j.serving;

import java.util.ArrayList;
import java.util.Collection;
import java.util.List;

/** Gathers what is wrong with a request. */
final class RequestProblems {

  private static final int MAX = 50;
  private static final int MAX_NAMES = 30;
  private static final int MAX_TEXT = 60;

  private final List<String> problems = new ArrayList<>();
  private int more;

  void add(String problem) {
    if (problems.size() < MAX) {
      problems.add(problem);
    } else {
      more++;
    }
  }

  /** The type is told and the value is not, as it may be sensitive. */
  void wrongType(String column, String wanted, Object value) {
    add("\"" + column + "\" is " + wanted + ", found a " + value.getClass().getSimpleName());
  }

  static String unknown(String column, Collection<String> known) {
    return "\""
        + excerpt(column)
        + "\" is not asked for; there are: "
        + String.join(", ", known.stream().limit(MAX_NAMES).toList())
        + (known.size() > MAX_NAMES ? " and " + (known.size() - MAX_NAMES) + " more" : "");
  }

  /** At most so much of a text that came from outside as a message can bear. */
  static String excerpt(String text) {
    return text.length() <= MAX_TEXT ? text : text.substring(0, MAX_TEXT) + "…";
  }

  boolean isEmpty() {
    return problems.isEmpty();
  }

  void throwIfAny() {
    if (!problems.isEmpty()) {
      if (more > 0) {
        problems.add("and " + more + " more");
      }
      throw new InvalidRequestException(problems);
    }
  }
}
