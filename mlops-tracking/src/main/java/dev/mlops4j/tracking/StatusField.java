package dev.mlops4j.tracking;

import java.util.Arrays;

/** How a run stands: what {@link RunRecord#status()} shows, ABANDONED as well. */
public record StatusField() {

  /** Whether it stands like this. */
  public Filter is(RunStatus status) {
    return text().is(status.name());
  }

  /** Whether it stands otherwise. */
  public Filter isNot(RunStatus status) {
    return text().isNot(status.name());
  }

  /**
   * Whether it stands like one of these.
   *
   * @throws IllegalArgumentException if there are none
   */
  public Filter in(RunStatus... statuses) {
    return text().in(Arrays.stream(statuses).map(RunStatus::name).toArray(String[]::new));
  }

  /** By the status's name, first in the alphabet first. */
  public Order ascending() {
    return text().ascending();
  }

  /** By the status's name, last in the alphabet first. */
  public Order descending() {
    return text().descending();
  }

  private static TextField text() {
    return TextField.of(TextField.Kind.STATUS);
  }
}
