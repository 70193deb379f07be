package dev.mlops4j.pipeline;

import com.cronutils.model.Cron;
import com.cronutils.model.CronType;
import com.cronutils.model.definition.CronDefinition;
import com.cronutils.model.definition.CronDefinitionBuilder;
import com.cronutils.model.time.ExecutionTime;
import com.cronutils.parser.CronParser;
import java.time.ZoneOffset;
import java.time.ZonedDateTime;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import java.util.stream.IntStream;

/** A cron expression of five fields as of Unix, or of six with the second first. */
final class CronExpression {

  private static final Pattern WORD = Pattern.compile("\\S+");
  private static final List<String> FIELDS =
      List.of("minute", "hour", "day of month", "month", "day of week");
  private static final List<String> RANGES =
      List.of("0 to 59", "0 to 23", "1 to 31", "1 to 12 or JAN to DEC", "0 to 7 or SUN to SAT");
  private static final String FORM =
      "it takes five fields, minute hour day-of-month month day-of-week, or six with the second"
          + " first, such as \"0 3 * * MON\"";

  /** A year in which nothing is left out of the calendar; a 29 February comes in four. */
  private static final ZonedDateTime ANY_TIME =
      ZonedDateTime.of(2024, 1, 1, 0, 0, 0, 0, ZoneOffset.UTC);

  private final String text;
  private final ExecutionTime executionTime;
  private final boolean ofEveryHour;

  private CronExpression(String text, ExecutionTime executionTime, boolean ofEveryHour) {
    this.text = text;
    this.executionTime = executionTime;
    this.ofEveryHour = ofEveryHour;
  }

  /**
   * Reads an expression.
   *
   * @throws InvalidScheduleException if a field is wrong, which it names, or no time ever matches
   */
  static CronExpression of(String text) {
    List<String> words = new ArrayList<>();
    List<Integer> places = new ArrayList<>();
    Matcher word = WORD.matcher(text);
    while (word.find()) {
      words.add(word.group());
      places.add(word.start());
    }
    boolean withSeconds = words.size() == FIELDS.size() + 1;
    if (!withSeconds && words.size() != FIELDS.size()) {
      throw new InvalidScheduleException(
          "cron \"" + text + "\" has " + words.size() + " fields; " + FORM);
    }
    CronParser parser = new CronParser(withSeconds ? withSeconds() : unix());
    for (int i = 0; i < words.size(); i++) {
      check(parser, text, words, places, i);
    }
    String plain = String.join(" ", words);
    Cron cron = parse(parser, plain);
    ExecutionTime executionTime = ExecutionTime.forCron(cron);
    if (executionTime.nextExecution(ANY_TIME).isEmpty()) {
      throw new InvalidScheduleException(
          "cron \"" + text + "\" never comes: no date has this day of month in this month");
    }
    boolean ofEveryHour = isOfEveryHour(parser, words, withSeconds ? 2 : 1);
    return new CronExpression(plain, executionTime, ofEveryHour);
  }

  ExecutionTime executionTime() {
    return executionTime;
  }

  /** Whether each hour matches, as with {@code *}, {@code *}{@code /1} or {@code 0-23}. */
  boolean isOfEveryHour() {
    return ofEveryHour;
  }

  /** The fields, with one blank between. */
  @Override
  public String toString() {
    return text;
  }

  private static boolean isOfEveryHour(CronParser parser, List<String> words, int index) {
    List<String> alone = new ArrayList<>(Collections.nCopies(words.size(), "*"));
    alone.set(index, words.get(index));
    ExecutionTime hours = ExecutionTime.forCron(parse(parser, String.join(" ", alone)));
    return IntStream.range(0, 24).allMatch(hour -> hours.isMatch(ANY_TIME.withHour(hour)));
  }

  /** Parses one field among others that are right, so that what is wrong is this one. */
  private static void check(
      CronParser parser, String text, List<String> words, List<Integer> places, int index) {
    List<String> alone = new ArrayList<>(Collections.nCopies(words.size(), "*"));
    alone.set(index, words.get(index));
    try {
      parse(parser, String.join(" ", alone));
    } catch (IllegalArgumentException e) {
      int field = index - (words.size() - FIELDS.size());
      String name = field < 0 ? "second" : FIELDS.get(field);
      throw new InvalidScheduleException(
          text,
          name,
          places.get(index),
          words.get(index).length(),
          field < 0 ? "0 to 59" : RANGES.get(field),
          e);
    }
  }

  private static Cron parse(CronParser parser, String text) {
    return parser.parse(text).validate();
  }

  private static CronDefinition unix() {
    return CronDefinitionBuilder.instanceDefinitionFor(CronType.UNIX);
  }

  private static CronDefinition withSeconds() {
    return CronDefinitionBuilder.defineCron()
        .withSeconds()
        .withValidRange(0, 59)
        .withStrictRange()
        .and()
        .withMinutes()
        .withValidRange(0, 59)
        .withStrictRange()
        .and()
        .withHours()
        .withValidRange(0, 23)
        .withStrictRange()
        .and()
        .withDayOfMonth()
        .withValidRange(1, 31)
        .withStrictRange()
        .and()
        .withMonth()
        .withValidRange(1, 12)
        .withStrictRange()
        .and()
        .withDayOfWeek()
        .withValidRange(0, 7)
        .withMondayDoWValue(1)
        .withIntMapping(7, 0)
        .withStrictRange()
        .and()
        .instance();
  }
}
