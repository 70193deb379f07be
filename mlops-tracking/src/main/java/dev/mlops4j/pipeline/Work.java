package dev.mlops4j.pipeline;

import java.util.List;
import java.util.function.Function;

/** What a step does when its inputs are there. */
sealed interface Work {

  /** The digest of the code, empty if it cannot be told. */
  String code();

  /** What it does beside its code, as the command of a process; part of the cache key. */
  String settings();

  /** A call with the values of the inputs. */
  record Call(Body body, String code, String settings) implements Work {}

  /** A call for each element of a list, with the element before the values of the inputs. */
  record ForEach(
      Input<? extends List<?>> list,
      Function<Object, String> name,
      int concurrency,
      Output<Object> itemOutput,
      Body body,
      String code)
      implements Work {
    @Override
    public String settings() {
      return "";
    }
  }

  /** The untyped form of a {@link StepBody}. */
  @FunctionalInterface
  interface Body {
    Object run(StepContext step, Object[] inputs) throws Exception;
  }
}
