package dev.mlops4j.validation;

import java.util.List;
import java.util.function.Consumer;
import java.util.stream.Collectors;

/** What is suggested for one column with one severity, as calls and as their text. */
record SuggestedCheck(Severity severity, String column, List<Call> calls) {

  /** One call on the column's expectations. */
  record Call(String text, Consumer<ColumnExpectations> call) {}

  void addTo(ColumnExpectations expectations) {
    calls.forEach(call -> call.call().accept(expectations));
  }

  String toJava() {
    return ".column("
        + (severity == Severity.WARN ? "Severity.WARN, " : "")
        + JavaText.of(column)
        + ", c -> c"
        + calls.stream().map(call -> "." + call.text()).collect(Collectors.joining())
        + ")";
  }
}
