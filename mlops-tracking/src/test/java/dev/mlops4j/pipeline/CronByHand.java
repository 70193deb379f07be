package dev.mlops4j.pipeline;

import java.time.Instant;
import java.time.LocalDateTime;
import java.time.ZoneId;
import java.time.ZoneOffset;
import java.time.temporal.ChronoUnit;
import java.time.zone.ZoneOffsetTransition;
import java.time.zone.ZoneRules;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.stream.IntStream;

/** The planned times of a cron expression of five fields, found by looking at every minute. */
final class CronByHand {

  private static final List<String> DAYS = List.of("SUN", "MON", "TUE", "WED", "THU", "FRI", "SAT");

  private final String[] fields;
  private final ZoneRules rules;

  CronByHand(String expression, ZoneId zone) {
    this.fields = expression.split(" ");
    this.rules = zone.getRules();
  }

  /** The planned times from an instant to before another. */
  List<Instant> planned(Instant from, Instant to) {
    List<Instant> planned = new ArrayList<>();
    for (Instant t = from; t.isBefore(to); t = t.plus(1, ChronoUnit.MINUTES)) {
      if (isPlanned(t)) {
        planned.add(t);
      }
    }
    return planned;
  }

  private boolean isPlanned(Instant t) {
    ZoneOffset offset = rules.getOffset(t);
    LocalDateTime local = LocalDateTime.ofInstant(t, offset);
    boolean realTime = IntStream.range(0, 24).allMatch(hour -> matches(fields[1], hour));
    boolean first = rules.getValidOffsets(local).get(0).equals(offset);
    if (matches(local) && (realTime || first)) {
      return true;
    }
    ZoneOffsetTransition change = rules.previousTransition(t.plusNanos(1));
    if (realTime || change == null || !change.isGap() || !change.getInstant().equals(t)) {
      return false;
    }
    LocalDateTime leftOut = change.getDateTimeBefore();
    while (leftOut.isBefore(change.getDateTimeAfter())) {
      if (matches(leftOut)) {
        return true;
      }
      leftOut = leftOut.plusMinutes(1);
    }
    return false;
  }

  private boolean matches(LocalDateTime local) {
    int dayOfWeek = local.getDayOfWeek().getValue() % 7;
    boolean byDayOfMonth = matches(fields[2], local.getDayOfMonth());
    boolean byDayOfWeek =
        matches(fields[4], dayOfWeek) || (dayOfWeek == 0 && matches(fields[4], 7));
    boolean bothStated = !fields[2].equals("*") && !fields[4].equals("*");
    return matches(fields[0], local.getMinute())
        && matches(fields[1], local.getHour())
        && matches(fields[3], local.getMonthValue())
        && (bothStated ? byDayOfMonth || byDayOfWeek : byDayOfMonth && byDayOfWeek);
  }

  private static boolean matches(String field, int value) {
    for (String part : field.split(",", -1)) {
      if (part.equals("*")
          || (part.startsWith("*/") && value % Integer.parseInt(part.substring(2)) == 0)) {
        return true;
      }
      if (!part.startsWith("*")) {
        String[] ends = part.split("-", -1);
        int least = number(ends[0]);
        if (value >= least && value <= (ends.length == 1 ? least : number(ends[1]))) {
          return true;
        }
      }
    }
    return false;
  }

  private static int number(String text) {
    int day = DAYS.indexOf(text.toUpperCase(Locale.ROOT));
    return day >= 0 ? day : Integer.parseInt(text);
  }
}
