package dev.mlops4j.data;

import java.time.DateTimeException;
import java.time.Instant;
import java.time.LocalDate;
import java.time.LocalDateTime;
import java.time.ZoneId;
import java.time.ZoneOffset;
import java.time.format.DateTimeParseException;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * An ISO 8601 timestamp in a cell, read without garbage: the date, {@code T} or a blank, hours and
 * minutes, perhaps seconds and up to nine decimals, perhaps {@code Z} or an offset. Holds the parts
 * of the last one read; not safe for use by several threads.
 */
final class CellTime {

  /** How much of a point in time a text says. */
  enum Kind {
    /** It is no timestamp. */
    NONE,
    /** A date alone. */
    DATE,
    /** A date and a time, but not where. */
    LOCAL,
    /** All of it. */
    INSTANT
  }

  private static final int SECONDS_PER_DAY = 86_400;
  private static final int MICROS_PER_SECOND = 1_000_000;
  private static final int MICRO_DIGITS = 6;
  private static final int MOST_DIGITS = 9;
  private static final int LARGEST_OFFSET_SECONDS = 18 * 3600;

  private char[] text = {};
  private int at;
  private int end;

  private long localSecond;
  private int micros;
  private int offsetSeconds;

  /** Reads a text and says what it is. */
  Kind read(char[] chars, int from, int length) {
    text = chars;
    at = from;
    end = from + length;
    localSecond = 0;
    micros = 0;
    offsetSeconds = 0;
    if (length > 0 && (chars[from] == '+' || chars[from] == '-')) {
      return readFarYear();
    }
    if (!readDate()) {
      return Kind.NONE;
    }
    if (at == end) {
      return Kind.DATE;
    }
    if (!(skip('T') || skip(' ') || skip('t')) || !readTime()) {
      return Kind.NONE;
    }
    if (at == end) {
      return Kind.LOCAL;
    }
    return readOffset() && at == end ? Kind.INSTANT : Kind.NONE;
  }

  /**
   * Microseconds since the epoch.
   *
   * @param zone of a text that names none
   */
  long micros(char[] chars, int from, int length, @Nullable ZoneId zone) throws CellException {
    Kind kind = read(chars, from, length);
    switch (kind) {
      case INSTANT -> {
        return toMicros(localSecond - offsetSeconds);
      }
      case LOCAL, DATE -> {
        if (zone == null) {
          throw new CellException(
              "a timestamp without a zone; write Z or an offset, or give the reader a zone");
        }
        return toMicros(localSecond - offset(zone));
      }
      default ->
          throw new CellException(
              "not an ISO 8601 timestamp such as 2013-01-01T10:15:00Z or"
                  + " 2013-01-01T05:15:00-05:00");
    }
  }

  private long toMicros(long second) throws CellException {
    try {
      return Math.addExact(Math.multiplyExact(second, (long) MICROS_PER_SECOND), micros);
    } catch (ArithmeticException e) {
      throw new CellException("beyond the range of TIMESTAMP");
    }
  }

  private int offset(ZoneId zone) throws CellException {
    if (zone instanceof ZoneOffset fixed) {
      return fixed.getTotalSeconds();
    }
    LocalDateTime local = LocalDateTime.ofEpochSecond(localSecond, 0, ZoneOffset.UTC);
    List<ZoneOffset> offsets = zone.getRules().getValidOffsets(local);
    if (offsets.isEmpty()) {
      throw new CellException("the clocks of " + zone + " skip this time; write the offset");
    }
    if (offsets.size() > 1) {
      throw new CellException("the clocks of " + zone + " show this time twice; write the offset");
    }
    return offsets.get(0).getTotalSeconds();
  }

  /** Years before 0 or beyond 9999, which are written with a sign: as {@link Instant} does. */
  private Kind readFarYear() {
    try {
      Instant instant = Instant.parse(new String(text, at, end - at));
      localSecond = instant.getEpochSecond();
      micros = instant.getNano() / 1_000;
      return Kind.INSTANT;
    } catch (DateTimeParseException e) {
      return Kind.NONE;
    }
  }

  private boolean readDate() {
    int year = digits(4);
    if (year < 0 || !skip('-')) {
      return false;
    }
    int month = digits(2);
    if (month < 0 || !skip('-')) {
      return false;
    }
    int day = digits(2);
    if (month < 1 || month > 12 || day < 1 || day > 31) {
      return false;
    }
    try {
      localSecond = LocalDate.of(year, month, day).toEpochDay() * SECONDS_PER_DAY;
      return true;
    } catch (DateTimeException e) {
      return false;
    }
  }

  private boolean readTime() {
    int hour = digits(2);
    if (hour < 0 || hour > 23 || !skip(':')) {
      return false;
    }
    int minute = digits(2);
    if (minute < 0 || minute > 59) {
      return false;
    }
    int second = 0;
    if (skip(':')) {
      second = digits(2);
      if (second < 0 || second > 59 || ((skip('.') || skip(',')) && !readFraction())) {
        return false;
      }
    }
    localSecond += hour * 3600L + minute * 60L + second;
    return true;
  }

  private boolean readFraction() {
    int count = 0;
    for (; at < end && text[at] >= '0' && text[at] <= '9'; at++) {
      if (count < MICRO_DIGITS) {
        micros = micros * 10 + (text[at] - '0');
      }
      count++;
    }
    for (int i = count; i < MICRO_DIGITS; i++) {
      micros *= 10;
    }
    return count > 0 && count <= MOST_DIGITS;
  }

  private boolean readOffset() {
    if (skip('Z') || skip('z')) {
      return true;
    }
    boolean west = at < end && text[at] == '-';
    if (!skip('+') && !skip('-')) {
      return false;
    }
    int hours = digits(2);
    if (hours < 0) {
      return false;
    }
    int minutes = 0;
    if (at < end) {
      skip(':');
      minutes = digits(2);
    }
    int seconds = hours * 3600 + minutes * 60;
    if (minutes < 0 || minutes > 59 || seconds > LARGEST_OFFSET_SECONDS) {
      return false;
    }
    offsetSeconds = west ? -seconds : seconds;
    return true;
  }

  /** The next {@code count} digits as a number, or -1 if there are not as many. */
  private int digits(int count) {
    if (end - at < count) {
      return -1;
    }
    int value = 0;
    for (int i = 0; i < count; i++) {
      int digit = text[at + i] - '0';
      if (digit < 0 || digit > 9) {
        return -1;
      }
      value = value * 10 + digit;
    }
    at += count;
    return value;
  }

  private boolean skip(char expected) {
    if (at < end && text[at] == expected) {
      at++;
      return true;
    }
    return false;
  }
}
