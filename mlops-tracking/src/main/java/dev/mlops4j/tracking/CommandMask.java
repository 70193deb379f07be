package dev.mlops4j.tracking;

import java.util.ArrayList;
import java.util.List;
import java.util.regex.Pattern;

/**
 * Takes the secrets out of a command: the values of arguments whose names speak of one, what stands
 * before the {@code @} of a URL, and what is of a stated form.
 */
final class CommandMask {

  static final String MASK = "***";

  private static final String SECRET =
      "pass(?:word|wd|phrase)?|pwd|secret|token|credentials?|api[-_.]?key|access[-_.]?key"
          + "|private[-_.]?key|auth(?:orization)?";

  private static final Pattern USER_INFO = Pattern.compile("((?<!\\w)\\w+://)[^/\\s@]+@");

  private final Pattern name;

  /** {@code --db.password=x}, {@code token:x}; the name may go on after the word. */
  private final Pattern assigned;

  /** {@code --password x}. */
  private final Pattern followed;

  /** {@code secret = 'x'}, {@code SECRET 'x'}, as statements of SQL have it. */
  private final Pattern quoted;

  private final List<Pattern> forms;

  /**
   * Masks more than what is always masked.
   *
   * @param names words in the names of secrets
   * @param forms forms of secrets
   */
  CommandMask(List<String> names, List<Pattern> forms) {
    List<String> words = new ArrayList<>(List.of(SECRET));
    names.forEach(word -> words.add(Pattern.quote(word)));
    // Begins where a word does: a long word without a secret is looked at once, not once a letter.
    String plain = "[\\w.-]*(?:" + String.join("|", words) + ")[\\w.-]*";
    String secret = "(?<![\\w.-])" + plain;
    int flags = Pattern.CASE_INSENSITIVE | Pattern.UNICODE_CASE;
    this.name = Pattern.compile(secret, flags);
    this.assigned = Pattern.compile("(" + secret + "[=:])(\"[^\"]*\"|'[^']*'|\\S+)", flags);
    this.followed =
        Pattern.compile("(?<!\\S)(--?" + plain + "\\s+)(?!-)(\"[^\"]*\"|'[^']*'|\\S+)", flags);
    this.quoted =
        Pattern.compile("(" + secret + "[\"`\\]]?\\s*[=:]?\\s*)'[^']*+(?:''[^']*+)*+'", flags);
    this.forms = List.copyOf(forms);
  }

  String mask(String command) {
    String masked = assigned.matcher(command).replaceAll("$1" + MASK);
    masked = followed.matcher(masked).replaceAll("$1" + MASK);
    return maskForms(USER_INFO.matcher(masked).replaceAll("$1" + MASK + "@"));
  }

  /** The address or the statement that data came from: what follows a name may be apart from it. */
  String maskSource(String source) {
    return mask(quoted.matcher(source).replaceAll("$1'" + MASK + "'"));
  }

  /** The value of something that has a name of its own. */
  String mask(String itsName, String value) {
    return name.matcher(itsName).matches() ? MASK : mask(value);
  }

  private String maskForms(String text) {
    String masked = text;
    for (Pattern form : forms) {
      masked = form.matcher(masked).replaceAll(MASK);
    }
    return masked;
  }
}
