package dev.mlops4j.pipeline;

import java.time.Duration;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * How a step is run.
 *
 * @param maxAge how old a cached output may be; null if it does not age
 * @param missesOnChangedCode whether an output that other code made is not taken
 * @param timeout of one try; null for none
 */
record StepSettings(
    String version,
    boolean cached,
    @Nullable Duration maxAge,
    boolean missesOnChangedCode,
    @Nullable Duration timeout,
    Retry retry,
    List<Condition<?>> conditions) {

  StepSettings {
    conditions = List.copyOf(conditions);
  }
}
