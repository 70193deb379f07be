package dev.mlops4j.tracking;

import java.util.regex.Pattern;

/**
 * Takes the secrets out of a command: the values of arguments whose names speak of one, and what
 * stands before the {@code @} of a URL.
 */
final class CommandMask {

  private static final String MASK = "***";

  private static final String SECRET =
      "(?:pass(?:word|wd|phrase)?|pwd|secret|token|credentials?|api[-_.]?key|access[-_.]?key"
          + "|private[-_.]?key|auth(?:orization)?)";

  /** {@code --db.password=x}, {@code token:x}; the name may go on after the word. */
  private static final Pattern ASSIGNED =
      Pattern.compile("(?i)([\\w.-]*" + SECRET + "[\\w.-]*[=:])(\"[^\"]*\"|'[^']*'|\\S+)");

  /** {@code --password x}. */
  private static final Pattern FOLLOWED =
      Pattern.compile(
          "(?i)(?<!\\S)(--?[\\w.-]*" + SECRET + "[\\w.-]*\\s+)(?!-)(\"[^\"]*\"|'[^']*'|\\S+)");

  private static final Pattern USER_INFO = Pattern.compile("(\\w+://)[^/\\s@]+@");

  private CommandMask() {}

  static String mask(String command) {
    String masked = ASSIGNED.matcher(command).replaceAll("$1" + MASK);
    masked = FOLLOWED.matcher(masked).replaceAll("$1" + MASK);
    return USER_INFO.matcher(masked).replaceAll("$1" + MASK + "@");
  }
}
