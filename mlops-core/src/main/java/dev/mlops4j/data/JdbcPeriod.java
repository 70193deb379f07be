package dev.mlops4j.data;

import java.time.Instant;
import java.time.LocalDateTime;
import java.time.OffsetDateTime;
import java.time.ZoneId;
import java.time.ZoneOffset;
import java.time.format.DateTimeFormatter;
import java.util.Locale;
import org.jspecify.annotations.Nullable;

/** The ends of a period as values for a statement. */
final class JdbcPeriod {

  private static final LocalDateTime FIRST = LocalDateTime.of(1, 1, 1, 0, 0);
  private static final LocalDateTime LAST = LocalDateTime.of(9999, 12, 31, 23, 59, 59, 999_999_000);

  /** Always six decimals: text is compared as text, and whole seconds then come first. */
  private static final DateTimeFormatter TEXT =
      DateTimeFormatter.ofPattern("uuuu-MM-dd'T'HH:mm:ss.SSSSSS'Z'", Locale.ROOT);

  private JdbcPeriod() {}

  /** The end, rounded up to what a row can be asked at, so that no row is in two periods. */
  static Object bound(Instant end, @Nullable TimestampForm form, @Nullable ZoneId zone) {
    if (form != null && form.isNumber()) {
      return form.ceiling(Timestamps.ceilingMicros(end));
    }
    ZoneId shown = zone == null || form != null ? ZoneOffset.UTC : zone;
    LocalDateTime local = clamped(end, shown);
    if (form != null) {
      return TEXT.format(local);
    }
    return zone == null ? OffsetDateTime.of(local, ZoneOffset.UTC) : local;
  }

  private static LocalDateTime clamped(Instant end, ZoneId zone) {
    Instant first = FIRST.toInstant(ZoneOffset.MAX);
    Instant last = LAST.toInstant(ZoneOffset.MIN);
    if (!end.isAfter(first)) {
      return FIRST;
    }
    if (!end.isBefore(last)) {
      return LAST;
    }
    LocalDateTime local =
        LocalDateTime.ofInstant(Timestamps.fromMicros(Timestamps.ceilingMicros(end)), zone);
    if (local.isBefore(FIRST)) {
      return FIRST;
    }
    return local.isAfter(LAST) ? LAST : local;
  }
}
