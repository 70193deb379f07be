package dev.mlops4j.pipeline;

import com.cronutils.model.time.ExecutionTime;
import java.time.DateTimeException;
import java.time.Instant;
import java.time.LocalDateTime;
import java.time.ZoneId;
import java.time.ZoneOffset;
import java.time.temporal.ChronoUnit;
import java.time.zone.ZoneOffsetTransition;
import java.time.zone.ZoneRules;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/**
 * By a cron expression, read by the clocks of a zone. Cron-utils finds the local times that match,
 * on a calendar without changes of the clocks; what a change means is decided here:
 *
 * <ul>
 *   <li>Clocks go forward: times that the clocks leave out are planned together for the moment of
 *       the change.
 *   <li>Clocks go back: a time that comes twice is planned for the first.
 *   <li>If each hour matches, as with {@code *}, real time counts instead: what is left out is not
 *       planned, and what comes twice is planned twice, so that every quarter of an hour stays one.
 * </ul>
 */
final class CronTiming implements Timing {

  static final String PREFIX = "cron ";

  private static final String IN = " in ";

  private final CronExpression expression;
  private final ZoneId zone;
  private final ZoneRules rules;
  private final ExecutionTime local;

  private CronTiming(CronExpression expression, ZoneId zone) {
    this.expression = expression;
    this.zone = zone;
    this.rules = zone.getRules();
    this.local = expression.executionTime();
  }

  /**
   * The timing of an expression.
   *
   * @throws InvalidScheduleException if the expression is wrong, or no time ever matches it
   */
  static CronTiming of(String expression, ZoneId zone) {
    return new CronTiming(CronExpression.of(expression), zone);
  }

  static CronTiming parse(String text) {
    int in = text.lastIndexOf(IN);
    try {
      return of(text.substring(PREFIX.length(), in), ZoneId.of(text.substring(in + IN.length())));
    } catch (DateTimeException | IndexOutOfBoundsException e) {
      throw new InvalidScheduleException("\"" + text + "\" is no cron expression with a zone", e);
    }
  }

  @Override
  public Optional<Instant> next(Instant after) {
    Instant from = after.truncatedTo(ChronoUnit.SECONDS).plusSeconds(1);
    while (true) {
      ZoneOffset offset = rules.getOffset(from);
      Optional<LocalDateTime> match = firstMatch(later(localAt(from, offset), begin(from)));
      if (match.isEmpty()) {
        return Optional.empty();
      }
      ZoneOffsetTransition change = rules.nextTransition(from);
      Instant planned = match.get().toInstant(offset);
      if (change == null || planned.isBefore(change.getInstant())) {
        return Optional.of(planned);
      }
      if (movesToItsEnd(change) && match.get().isBefore(change.getDateTimeAfter())) {
        return Optional.of(change.getInstant());
      }
      from = change.getInstant();
    }
  }

  @Override
  public Optional<Instant> latest(Instant upTo) {
    Instant to = upTo.truncatedTo(ChronoUnit.SECONDS);
    while (true) {
      ZoneOffset offset = rules.getOffset(to);
      Optional<LocalDateTime> match = lastMatch(localAt(to, offset));
      if (match.isEmpty()) {
        return Optional.empty();
      }
      LocalDateTime begin = begin(to);
      if (begin == null || !match.get().isBefore(begin)) {
        return Optional.of(match.get().toInstant(offset));
      }
      ZoneOffsetTransition change = change(to);
      if (movesToItsEnd(change) && !match.get().isBefore(change.getDateTimeBefore())) {
        return Optional.of(change.getInstant());
      }
      to = change.getInstant().minusSeconds(1);
    }
  }

  @Override
  public String text() {
    return PREFIX + expression + IN + zone;
  }

  @Override
  public boolean equals(Object other) {
    return other instanceof CronTiming that && text().equals(that.text());
  }

  @Override
  public int hashCode() {
    return text().hashCode();
  }

  @Override
  public String toString() {
    return text();
  }

  /** The first local time since the last change that counts, or null if there was no change. */
  private @Nullable LocalDateTime begin(Instant instant) {
    ZoneOffsetTransition change = change(instant);
    if (change == null) {
      return null;
    }
    boolean comesTwice = change.isOverlap() && !expression.isOfEveryHour();
    return comesTwice ? change.getDateTimeBefore() : change.getDateTimeAfter();
  }

  /** The last change of the clocks at or before this instant; null in zones that had none. */
  @SuppressWarnings("NullAway") // null where begin is null, which is asked before
  private ZoneOffsetTransition change(Instant instant) {
    return rules.previousTransition(instant.plusNanos(1));
  }

  private boolean movesToItsEnd(ZoneOffsetTransition change) {
    return change.isGap() && !expression.isOfEveryHour();
  }

  private Optional<LocalDateTime> firstMatch(LocalDateTime from) {
    return local
        .nextExecution(from.minusSeconds(1).atZone(ZoneOffset.UTC))
        .map(time -> time.toLocalDateTime());
  }

  private Optional<LocalDateTime> lastMatch(LocalDateTime to) {
    return local
        .lastExecution(to.plusSeconds(1).atZone(ZoneOffset.UTC))
        .map(time -> time.toLocalDateTime());
  }

  private static LocalDateTime localAt(Instant instant, ZoneOffset offset) {
    return LocalDateTime.ofInstant(instant, offset);
  }

  private static LocalDateTime later(LocalDateTime one, @Nullable LocalDateTime other) {
    return other != null && other.isAfter(one) ? other : one;
  }
}
