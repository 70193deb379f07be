package dev.mlops4j.pipeline;

import dev.mlops4j.MlopsException;
import java.util.List;

/** There is no schedule of this name. */
public final class NoSuchScheduleException extends MlopsException {

  private static final long serialVersionUID = 1L;

  private final String schedule;

  /** Creates the exception with the names that there are. */
  public NoSuchScheduleException(String schedule, List<String> known) {
    super(
        "there is no schedule \""
            + schedule
            + "\"; "
            + (known.isEmpty()
                ? "no process has defined one in this workspace"
                : "there are: " + String.join(", ", known)));
    this.schedule = schedule;
  }

  /** The name that was asked for. */
  public String schedule() {
    return schedule;
  }
}
