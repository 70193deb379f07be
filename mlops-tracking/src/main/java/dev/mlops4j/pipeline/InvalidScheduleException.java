package dev.mlops4j.pipeline;

import dev.mlops4j.MlopsException;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/** A schedule was described wrongly; nothing was stored. */
public final class InvalidScheduleException extends MlopsException {

  private static final long serialVersionUID = 1L;

  private final @Nullable String field;
  private final int position;

  InvalidScheduleException(String message) {
    this(message, (Throwable) null);
  }

  InvalidScheduleException(String message, @Nullable Throwable cause) {
    super(message, cause);
    this.field = null;
    this.position = -1;
  }

  /** One field of a cron expression is wrong; the message has a line that points at it. */
  InvalidScheduleException(
      String cron, String field, int position, int length, String range, Throwable cause) {
    super(
        "cron \""
            + cron
            + "\" is wrong in the "
            + field
            + ", \""
            + cron.substring(position, position + length)
            + "\": it takes "
            + range
            + ", lists (1,2), ranges (1-5), steps (*/2) or *\n  "
            + cron.replaceAll("\\s", " ")
            + "\n  "
            + " ".repeat(position)
            + "^".repeat(length),
        cause);
    this.field = field;
    this.position = position;
  }

  /** The field of the cron expression that is wrong, such as {@code hour}. */
  public Optional<String> field() {
    return Optional.ofNullable(field);
  }

  /** Where that field begins in the expression, from 0; -1 if no field is wrong. */
  public int position() {
    return position;
  }
}
