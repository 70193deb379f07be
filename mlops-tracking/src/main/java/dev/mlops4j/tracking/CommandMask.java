package dev.mlops4j.tracking;

import java.util.ArrayList;
import java.util.List;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/**
 * Takes the secrets out of a command: the values of arguments whose names speak of one, what stands
 * before the {@code @} of a URL, and what is of a stated form. In doubt it masks more.
 */
final class CommandMask {

  static final String MASK = "***";

  /** Where these stand in a name, whatever is around them; not passenger, bypass, author. */
  private static final String SECRET =
      "(?<!by|com)pass(?!enger|ive|age)|pwd|secret|token(?!i[sz])|credential"
          + "|(?:api|access|account|private|encryption|signing|shared|master)[-_.]?key"
          + "|auth(?!or(?!i))|(?:amz|goog)[-_.]signature|access[-_.]?signature";

  /**
   * The last word of a name: {@code signing.key} and {@code signingKey}, but neither {@code monkey}
   * nor {@code key-column}; the signature in the URL of a file in a cloud.
   */
  private static final String LAST_WORD =
      "(?:(?<![a-z0-9])(?:key|sig)|(?-i:(?<=[a-z0-9])Key))(?![\\w.-])";

  /** In quotes, in quotes that are escaped, with the scheme of an HTTP header, or one word. */
  private static final String VALUE =
      "(?:\"(?:[^\"\\\\]|\\\\.)*+\"|'[^']*+(?:''[^']*+)*+'|\\\\+\"[^\"]*+\""
          + "|(?:Bearer|Basic|Digest|Token|Negotiate)\\s+(?!-)\\S+|\\S+)";

  private static final Pattern SCHEME =
      Pattern.compile("Bearer|Basic|Digest|Token|Negotiate", Pattern.CASE_INSENSITIVE);

  private static final Pattern BEARER =
      Pattern.compile("(\\bBearer\\s+)(?!-)\\S+", Pattern.CASE_INSENSITIVE);

  /** Up to the last {@code @}: a password may have one. */
  private static final Pattern USER_INFO = Pattern.compile("((?<!\\w)\\w+://)[^/\\s]+@");

  /** A password with a slash: what follows the colon is not a port. */
  private static final Pattern USER_INFO_WITH_SLASH =
      Pattern.compile("((?<!\\w)\\w+://)[^\\s/@:]+:(?!\\d{1,5}(?:[/?#\\s]|$))\\S{0,1000}@");

  private final Pattern name;

  /**
   * {@code --db.password=x}, {@code token: x}, {@code {"password" : "x"}}; the name may go on after
   * the word.
   */
  private final Pattern assigned;

  /** {@code --password x}. */
  private final Pattern followed;

  /** An argument that is the name alone: {@code --password}, {@code X-Api-Key:}. */
  private final Pattern bare;

  /** An argument with name and value: {@code --password=x}. */
  private final Pattern whole;

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
    String plain = "[\\w.-]*(?:(?:" + String.join("|", words) + ")[\\w.-]*|" + LAST_WORD + ")";
    String secret = "(?<![\\w.-])" + plain;
    int flags = Pattern.CASE_INSENSITIVE | Pattern.UNICODE_CASE;
    this.name = Pattern.compile(secret, flags);
    this.assigned =
        Pattern.compile(
            "(" + secret + "[\\\\\"'`\\]]*\\s*[=:](?:\\s+(?!-|'\\*{3}'))?)" + VALUE, flags);
    this.followed = Pattern.compile("(?<!\\S)(--?" + plain + "\\s+)(?!--|[=:])" + VALUE, flags);
    this.bare = Pattern.compile("--?" + plain + "|-{0,2}" + plain + "\\s*[=:]\\s*", flags);
    this.whole = Pattern.compile("(-{0,2}" + plain + "\\s*[=:]).+", flags | Pattern.DOTALL);
    this.quoted =
        Pattern.compile("(" + secret + "[\"'`\\]]?\\s*[=:]?\\s*)'[^']*+(?:''[^']*+)*+'", flags);
    this.forms = List.copyOf(forms);
  }

  /** A command of these arguments, joined by blanks. */
  String mask(List<String> arguments) {
    return mask(arguments, false);
  }

  /**
   * A command whose arguments were joined by blanks, and may have blanks themselves: a secret is
   * taken to go on until an argument that begins with a dash.
   */
  String maskJoined(String command) {
    return mask(List.of(command.split(" ", -1)), true);
  }

  private String mask(List<String> arguments, boolean pieces) {
    List<String> masked = new ArrayList<>();
    boolean awaited = false; // a name came, and its value is to come
    boolean within = false; // of a secret whose first piece came
    for (String argument : arguments) {
      if (awaited && (argument.equals("=") || argument.equals(":"))) {
        masked.add(argument);
      } else if (awaited && SCHEME.matcher(argument).matches()) {
        masked.add(MASK); // or a password that reads like one
      } else if (awaited && !argument.startsWith("--")) {
        masked.add(MASK);
        awaited = false;
        within = pieces;
      } else if (!within || argument.startsWith("-")) {
        Matcher assignment = whole.matcher(argument);
        awaited = bare.matcher(argument).matches();
        within = pieces && assignment.matches();
        masked.add(assignment.matches() ? assignment.group(1) + MASK : argument);
      }
    }
    return mask(String.join(" ", masked));
  }

  String mask(String command) {
    String masked = assigned.matcher(command).replaceAll("$1" + MASK);
    masked = followed.matcher(masked).replaceAll("$1" + MASK);
    masked = BEARER.matcher(masked).replaceAll("$1" + MASK);
    masked = USER_INFO_WITH_SLASH.matcher(masked).replaceAll("$1" + MASK + "@");
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
