package dev.mlops4j.pipeline;

import java.util.List;

/** The inputs of a step that is being declared. */
public final class StepInputs {

  private StepInputs() {}

  /** One input. */
  public static final class One<A> {

    private final StepBuilder step;
    private final List<Input<?>> inputs;

    One(StepBuilder step, List<Input<?>> inputs) {
      inputs.forEach(step::requireOwn);
      this.step = step;
      this.inputs = inputs;
    }

    /** Declares the step, with how its output is kept and what it does. */
    @SuppressWarnings("unchecked") // the values are those of the inputs
    public <R> Step<R> gives(Output<R> output, StepBody.One<? super A, ? extends R> body) {
      return step.call(inputs, output, body, (context, in) -> body.run(context, (A) in[0]));
    }
  }

  /** Two inputs. */
  public static final class Two<A, B> {

    private final StepBuilder step;
    private final List<Input<?>> inputs;

    Two(StepBuilder step, List<Input<?>> inputs) {
      inputs.forEach(step::requireOwn);
      this.step = step;
      this.inputs = inputs;
    }

    /** Declares the step, with how its output is kept and what it does. */
    @SuppressWarnings("unchecked") // the values are those of the inputs
    public <R> Step<R> gives(
        Output<R> output, StepBody.Two<? super A, ? super B, ? extends R> body) {
      return step.call(
          inputs, output, body, (context, in) -> body.run(context, (A) in[0], (B) in[1]));
    }
  }

  /** Three inputs. */
  public static final class Three<A, B, C> {

    private final StepBuilder step;
    private final List<Input<?>> inputs;

    Three(StepBuilder step, List<Input<?>> inputs) {
      inputs.forEach(step::requireOwn);
      this.step = step;
      this.inputs = inputs;
    }

    /** Declares the step, with how its output is kept and what it does. */
    @SuppressWarnings("unchecked") // the values are those of the inputs
    public <R> Step<R> gives(
        Output<R> output, StepBody.Three<? super A, ? super B, ? super C, ? extends R> body) {
      return step.call(
          inputs,
          output,
          body,
          (context, in) -> body.run(context, (A) in[0], (B) in[1], (C) in[2]));
    }
  }

  /** Four inputs. */
  public static final class Four<A, B, C, D> {

    private final StepBuilder step;
    private final List<Input<?>> inputs;

    Four(StepBuilder step, List<Input<?>> inputs) {
      inputs.forEach(step::requireOwn);
      this.step = step;
      this.inputs = inputs;
    }

    /** Declares the step, with how its output is kept and what it does. */
    @SuppressWarnings("unchecked") // the values are those of the inputs
    public <R> Step<R> gives(
        Output<R> output,
        StepBody.Four<? super A, ? super B, ? super C, ? super D, ? extends R> body) {
      return step.call(
          inputs,
          output,
          body,
          (context, in) -> body.run(context, (A) in[0], (B) in[1], (C) in[2], (D) in[3]));
    }
  }

  /** Five inputs. */
  public static final class Five<A, B, C, D, E> {

    private final StepBuilder step;
    private final List<Input<?>> inputs;

    Five(StepBuilder step, List<Input<?>> inputs) {
      inputs.forEach(step::requireOwn);
      this.step = step;
      this.inputs = inputs;
    }

    /** Declares the step, with how its output is kept and what it does. */
    @SuppressWarnings("unchecked") // the values are those of the inputs
    public <R> Step<R> gives(
        Output<R> output,
        StepBody.Five<? super A, ? super B, ? super C, ? super D, ? super E, ? extends R> body) {
      return step.call(
          inputs,
          output,
          body,
          (context, in) ->
              body.run(context, (A) in[0], (B) in[1], (C) in[2], (D) in[3], (E) in[4]));
    }
  }
}
