package dev.mlops4j.pipeline;

import java.util.List;

/** The inputs, beside the element, of a step for each that is being declared. */
public final class ForEachInputs {

  private ForEachInputs() {}

  /** One input. */
  public static final class One<F, A> {

    private final ForEachBuilder<F> step;
    private final List<Input<?>> inputs;

    One(ForEachBuilder<F> step, List<Input<?>> inputs) {
      inputs.forEach(step::requireOwn);
      this.step = step;
      this.inputs = inputs;
    }

    /** Declares the step, with how the output of an element is kept and what it does. */
    @SuppressWarnings("unchecked") // the values are those of the inputs
    public <R> Step<List<R>> gives(
        Output<R> output, StepBody.Two<? super F, ? super A, ? extends R> body) {
      return step.each(
          inputs, output, body, (context, in) -> body.run(context, (F) in[0], (A) in[1]));
    }
  }

  /** Two inputs. */
  public static final class Two<F, A, B> {

    private final ForEachBuilder<F> step;
    private final List<Input<?>> inputs;

    Two(ForEachBuilder<F> step, List<Input<?>> inputs) {
      inputs.forEach(step::requireOwn);
      this.step = step;
      this.inputs = inputs;
    }

    /** Declares the step, with how the output of an element is kept and what it does. */
    @SuppressWarnings("unchecked") // the values are those of the inputs
    public <R> Step<List<R>> gives(
        Output<R> output, StepBody.Three<? super F, ? super A, ? super B, ? extends R> body) {
      return step.each(
          inputs,
          output,
          body,
          (context, in) -> body.run(context, (F) in[0], (A) in[1], (B) in[2]));
    }
  }

  /** Three inputs. */
  public static final class Three<F, A, B, C> {

    private final ForEachBuilder<F> step;
    private final List<Input<?>> inputs;

    Three(ForEachBuilder<F> step, List<Input<?>> inputs) {
      inputs.forEach(step::requireOwn);
      this.step = step;
      this.inputs = inputs;
    }

    /** Declares the step, with how the output of an element is kept and what it does. */
    @SuppressWarnings("unchecked") // the values are those of the inputs
    public <R> Step<List<R>> gives(
        Output<R> output,
        StepBody.Four<? super F, ? super A, ? super B, ? super C, ? extends R> body) {
      return step.each(
          inputs,
          output,
          body,
          (context, in) -> body.run(context, (F) in[0], (A) in[1], (B) in[2], (C) in[3]));
    }
  }

  /** Four inputs. */
  public static final class Four<F, A, B, C, D> {

    private final ForEachBuilder<F> step;
    private final List<Input<?>> inputs;

    Four(ForEachBuilder<F> step, List<Input<?>> inputs) {
      inputs.forEach(step::requireOwn);
      this.step = step;
      this.inputs = inputs;
    }

    /** Declares the step, with how the output of an element is kept and what it does. */
    @SuppressWarnings("unchecked") // the values are those of the inputs
    public <R> Step<List<R>> gives(
        Output<R> output,
        StepBody.Five<? super F, ? super A, ? super B, ? super C, ? super D, ? extends R> body) {
      return step.each(
          inputs,
          output,
          body,
          (context, in) ->
              body.run(context, (F) in[0], (A) in[1], (B) in[2], (C) in[3], (D) in[4]));
    }
  }
}
