package dev.mlops4j.monitoring;

import java.util.List;
import java.util.stream.Collectors;
import java.util.stream.Stream;

/**
 * What a monitor has to say at one time, in one message: twelve columns that drifted are one notice
 * of twelve alerts. Immutable; each list is in the order in which the alerts were raised.
 *
 * @param model the model
 * @param raised alerts of which nothing was heard before
 * @param repeated alerts that go on
 * @param resolved alerts that are over
 */
public record AlertNotice(
    String model, List<Alert> raised, List<Alert> repeated, List<Alert> resolved) {

  /** Copies the lists. */
  public AlertNotice {
    raised = List.copyOf(raised);
    repeated = List.copyOf(repeated);
    resolved = List.copyOf(resolved);
  }

  /** Whether it says nothing. */
  public boolean isEmpty() {
    return raised.isEmpty() && repeated.isEmpty() && resolved.isEmpty();
  }

  /** One line for each alert, whatever is in it. */
  @Override
  public String toString() {
    return Stream.of(
            lines("new: ", raised), lines("goes on: ", repeated), lines("over: ", resolved))
        .flatMap(lines -> lines)
        .collect(Collectors.joining("\n"));
  }

  private static Stream<String> lines(String word, List<Alert> alerts) {
    return alerts.stream().map(alert -> word + alert);
  }
}
