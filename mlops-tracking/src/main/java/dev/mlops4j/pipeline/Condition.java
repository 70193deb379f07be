package dev.mlops4j.pipeline;

import java.util.function.Predicate;

/** Whether a step is run, and why not if it is not. */
record Condition<T>(Input<T> input, Predicate<? super T> test, String reason) {

  @SuppressWarnings("unchecked") // the value is that of the input
  boolean holds(Object value) {
    return test.test((T) value);
  }
}
