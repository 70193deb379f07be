package dev.mlops4j.pipeline;

/**
 * What a step does, by how many inputs it takes. It may throw anything; an interrupt means that its
 * time is over or the run is cancelled, and it should return soon.
 */
public final class StepBody {

  private StepBody() {}

  /** Takes nothing. */
  @FunctionalInterface
  public interface Zero<R> {
    /** Does it. */
    R run(StepContext step) throws Exception;
  }

  /** Takes one input. */
  @FunctionalInterface
  public interface One<A, R> {
    /** Does it. */
    R run(StepContext step, A a) throws Exception;
  }

  /** Takes two inputs. */
  @FunctionalInterface
  public interface Two<A, B, R> {
    /** Does it. */
    R run(StepContext step, A a, B b) throws Exception;
  }

  /** Takes three inputs. */
  @FunctionalInterface
  public interface Three<A, B, C, R> {
    /** Does it. */
    R run(StepContext step, A a, B b, C c) throws Exception;
  }

  /** Takes four inputs. */
  @FunctionalInterface
  public interface Four<A, B, C, D, R> {
    /** Does it. */
    R run(StepContext step, A a, B b, C c, D d) throws Exception;
  }

  /** Takes five inputs. */
  @FunctionalInterface
  public interface Five<A, B, C, D, E, R> {
    /** Does it. */
    R run(StepContext step, A a, B b, C c, D d, E e) throws Exception;
  }
}
