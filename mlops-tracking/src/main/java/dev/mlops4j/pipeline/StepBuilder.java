package dev.mlops4j.pipeline;

import java.util.List;

/** A step that is being declared; ends with {@code gives}. Not for several threads. */
public final class StepBuilder extends StepOptions<StepBuilder> {

  StepBuilder(Pipeline.Builder pipeline, String name) {
    super(pipeline, name);
  }

  /** Declares a step that takes nothing, with how its output is kept and what it does. */
  public <R> Step<R> gives(Output<R> output, StepBody.Zero<? extends R> body) {
    return call(List.of(), output, body, (step, in) -> body.run(step));
  }

  /** Has it take an input. */
  public <A> StepInputs.One<A> from(Input<A> a) {
    return new StepInputs.One<>(this, List.of(a));
  }

  /** Has it take two inputs. */
  public <A, B> StepInputs.Two<A, B> from(Input<A> a, Input<B> b) {
    return new StepInputs.Two<>(this, List.of(a, b));
  }

  /** Has it take three inputs. */
  public <A, B, C> StepInputs.Three<A, B, C> from(Input<A> a, Input<B> b, Input<C> c) {
    return new StepInputs.Three<>(this, List.of(a, b, c));
  }

  /** Has it take four inputs. */
  public <A, B, C, D> StepInputs.Four<A, B, C, D> from(
      Input<A> a, Input<B> b, Input<C> c, Input<D> d) {
    return new StepInputs.Four<>(this, List.of(a, b, c, d));
  }

  /** Has it take five inputs. */
  public <A, B, C, D, E> StepInputs.Five<A, B, C, D, E> from(
      Input<A> a, Input<B> b, Input<C> c, Input<D> d, Input<E> e) {
    return new StepInputs.Five<>(this, List.of(a, b, c, d, e));
  }

  @Override
  StepBuilder self() {
    return this;
  }

  <R> Step<R> call(List<Input<?>> inputs, Output<R> output, Object code, Work.Body body) {
    return declare(inputs, output, new Work.Call(body, CodeDigest.of(code), ""));
  }
}
