package dev.mlops4j.pipeline;

import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.function.Predicate;
import org.jspecify.annotations.Nullable;

/**
 * How a step is run, to be stated before what it does. Not for several threads.
 *
 * @param <B> the builder itself
 */
public abstract sealed class StepOptions<B extends StepOptions<B>>
    permits StepBuilder, ForEachBuilder, ProcessStepBuilder {

  /** A longer time in nanoseconds may be no long. */
  private static final Duration LONGEST = Duration.ofDays(100_000);

  private final Pipeline.Builder pipeline;
  private final String name;
  private final List<Condition<?>> conditions = new ArrayList<>();
  private String version = "";
  private boolean cached;
  private boolean missesOnChangedCode;
  private @Nullable Duration maxAge;
  private @Nullable Duration timeout;
  private Retry retry = Retry.NEVER;

  StepOptions(Pipeline.Builder pipeline, String name) {
    this.pipeline = pipeline;
    this.name = name;
  }

  /**
   * States the version of what the step does: a part of the cache key, to be changed when the step
   * would give something else for the same inputs.
   */
  public B version(String stated) {
    version = stated;
    return self();
  }

  /**
   * Has the step's output taken from an earlier run, of any process, that gave the step the same
   * inputs: the key is the step's name and version, its parameters and the digests of its inputs.
   * The code is not a part of it: a hit on an output that other code made says so.
   */
  public B cached() {
    cached = true;
    return self();
  }

  /**
   * The same for a step that reads the outside world, with how old an output may be.
   *
   * @param mostAge counted by the workspace's system clock from when the output was made
   * @throws InvalidPipelineException if it is not positive, or longer than 100,000 days
   */
  public B readsOutside(Duration mostAge) {
    maxAge = positive("the greatest age of an output", mostAge);
    return cached();
  }

  /** Has a cached output not taken if the class of the step's code has changed since. */
  public B missOnChangedCode() {
    missesOnChangedCode = true;
    return cached();
  }

  /**
   * Has the step's thread interrupted when a try takes longer. The step then fails with a {@link
   * StepTimeoutException}, once it returns.
   *
   * @throws InvalidPipelineException if it is not positive, or longer than 100,000 days
   */
  public B timeout(Duration most) {
    timeout = positive("the timeout", most);
    return self();
  }

  /**
   * Has the step tried again after transient errors.
   *
   * @throws InvalidPipelineException if it names no error; see {@link Retry#on}
   */
  public B retry(Retry policy) {
    if (policy.times() > 0 && policy.errors().isEmpty()) {
      throw new InvalidPipelineException(
          "step \"" + name + "\" is retried after no error; say which are transient with on(...)");
    }
    retry = policy;
    return self();
  }

  /**
   * Has the step skipped, and the steps that depend on it, unless something holds of an input,
   * which need not be one that the step takes. All of several conditions must hold.
   *
   * @param reason why it is skipped if not, for people
   */
  public <T> B when(Input<T> input, Predicate<? super T> condition, String reason) {
    pipeline.requireOwn(name, input);
    conditions.add(new Condition<>(input, condition, reason));
    return self();
  }

  abstract B self();

  String name() {
    return name;
  }

  <T> Step<T> declare(List<Input<?>> inputs, Output<T> output, Work work) {
    StepSettings settings =
        new StepSettings(version, cached, maxAge, missesOnChangedCode, timeout, retry, conditions);
    return pipeline.add(new Step<>(pipeline, name, settings, inputs, output, work));
  }

  void requireOwn(Input<?> input) {
    pipeline.requireOwn(name, input);
  }

  Duration positive(String what, Duration value) {
    if (value.isZero() || value.isNegative() || value.compareTo(LONGEST) > 0) {
      throw new InvalidPipelineException(
          what
              + " of step \""
              + name
              + "\" must be positive and at most "
              + LONGEST
              + ", found "
              + value);
    }
    return value;
  }
}
