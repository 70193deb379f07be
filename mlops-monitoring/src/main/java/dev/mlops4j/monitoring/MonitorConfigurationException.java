package dev.mlops4j.monitoring;

import java.util.List;

/** A monitor or a retraining was configured wrongly; nothing was built. */
public final class MonitorConfigurationException extends MonitoringException {

  private static final long serialVersionUID = 1L;

  private final transient List<String> problems;

  MonitorConfigurationException(String what, List<String> problems) {
    super(what + " is not configured right:\n- " + String.join("\n- ", problems));
    this.problems = List.copyOf(problems);
  }

  /** All that is wrong, each in a sentence. */
  public List<String> problems() {
    return problems;
  }
}
