package dev.mlops4j.registry;

import java.util.Optional;
import java.util.function.Function;

/** A gate with a name and a function. */
record FunctionGate(String name, Function<Candidate, Optional<String>> check) implements Gate {

  @Override
  public Optional<String> whyNot(Candidate candidate) {
    return check.apply(candidate);
  }

  @Override
  public String toString() {
    return "gate " + name;
  }
}
