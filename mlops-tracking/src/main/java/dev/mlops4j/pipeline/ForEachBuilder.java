package dev.mlops4j.pipeline;

import java.util.List;
import java.util.function.Function;

/**
 * A step that does the same for each element of a list that is known when it runs; ends with {@code
 * gives}. The elements are done in parallel, each with a time, tries and a run of its own, and its
 * output is the list of theirs. If some fail, the others are done and the step fails. Not for
 * several threads.
 *
 * @param <F> the type of the elements
 */
public final class ForEachBuilder<F> extends StepOptions<ForEachBuilder<F>> {

  private final Input<? extends List<F>> list;
  private final Function<? super F, String> itemName;
  private int concurrency = Integer.MAX_VALUE;

  ForEachBuilder(
      Pipeline.Builder pipeline,
      String name,
      Input<? extends List<F>> list,
      Function<? super F, String> itemName) {
    super(pipeline, name);
    requireOwn(list);
    this.list = list;
    this.itemName = itemName;
  }

  /**
   * How many elements are done at a time at most, beside what the run's threads allow.
   *
   * @throws InvalidPipelineException if it is not positive
   */
  public ForEachBuilder<F> concurrency(int most) {
    if (most < 1) {
      throw new InvalidPipelineException(
          "the concurrency of step \"" + name() + "\" is 1 or more, found " + most);
    }
    concurrency = most;
    return this;
  }

  /** Declares a step that takes the element alone. */
  @SuppressWarnings("unchecked") // the element is one of the list
  public <R> Step<List<R>> gives(Output<R> output, StepBody.One<? super F, ? extends R> body) {
    return each(List.of(), output, body, (step, in) -> body.run(step, (F) in[0]));
  }

  /** Has it take an input beside the element. */
  public <A> ForEachInputs.One<F, A> from(Input<A> a) {
    return new ForEachInputs.One<>(this, List.of(a));
  }

  /** Has it take two inputs beside the element. */
  public <A, B> ForEachInputs.Two<F, A, B> from(Input<A> a, Input<B> b) {
    return new ForEachInputs.Two<>(this, List.of(a, b));
  }

  /** Has it take three inputs beside the element. */
  public <A, B, C> ForEachInputs.Three<F, A, B, C> from(Input<A> a, Input<B> b, Input<C> c) {
    return new ForEachInputs.Three<>(this, List.of(a, b, c));
  }

  /** Has it take four inputs beside the element. */
  public <A, B, C, D> ForEachInputs.Four<F, A, B, C, D> from(
      Input<A> a, Input<B> b, Input<C> c, Input<D> d) {
    return new ForEachInputs.Four<>(this, List.of(a, b, c, d));
  }

  @Override
  ForEachBuilder<F> self() {
    return this;
  }

  @SuppressWarnings(
      "unchecked") // the elements are those of the list, the outputs those of the body
  <R> Step<List<R>> each(List<Input<?>> inputs, Output<R> output, Object code, Work.Body body) {
    Work work =
        new Work.ForEach(
            list,
            (Function<Object, String>) itemName,
            concurrency,
            (Output<Object>) output,
            body,
            CodeDigest.of(code));
    return declare(inputs, new ListOutput<>(output), work);
  }
}
