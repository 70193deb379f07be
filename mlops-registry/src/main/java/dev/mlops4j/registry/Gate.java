package dev.mlops4j.registry;

import java.util.Optional;
import java.util.function.Function;

/**
 * A check that a version must pass to come into a stage. {@link Gates} has those that most need;
 * write others with {@link #of}. Safe for any number of threads.
 *
 * <pre>{@code
 * Registry guarded = registry.withGates(
 *     Gates.goldenRows(ModelLoaders.discovered()), Gates.sizeAtMost(50_000_000));
 * }</pre>
 */
public interface Gate {

  /** What it is called in messages and in the history, such as {@code size}. */
  String name();

  /**
   * Why the candidate must not come into the stage: what was asked and what was found, in one line;
   * empty if it may. A gate that throws an unchecked exception has failed, with its message as the
   * reason. May be asked again for one promotion if another change came between.
   */
  Optional<String> whyNot(Candidate candidate);

  /** A gate of a function. */
  static Gate of(String name, Function<Candidate, Optional<String>> whyNot) {
    return new FunctionGate(name, whyNot);
  }
}
