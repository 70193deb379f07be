package dev.mlops4j.monitoring;

import dev.mlops4j.model.Signature.Task;

/** Outcomes in the form in which the ledger holds them. */
final class OutcomeText {

  private static final int MAX_LENGTH = 1_024;

  private OutcomeText() {}

  /**
   * The text of an outcome.
   *
   * @throws MonitoringException if it is not one that the task can have
   */
  static String of(Task task, Object outcome) {
    if (task == Task.BINARY && outcome instanceof Boolean flag) {
      return flag ? "1" : "0";
    }
    if (task == Task.REGRESSION && outcome instanceof Number number) {
      double value = number.doubleValue();
      if (Double.isFinite(value)) {
        return Double.toString(value);
      }
      throw refused("a finite number", Double.toString(value));
    }
    if (task == Task.MULTICLASS && outcome instanceof String label) {
      if (label.length() <= MAX_LENGTH) {
        return label;
      }
      throw refused("a label of at most 1024 characters", label.length() + " characters");
    }
    String asked =
        switch (task) {
          case BINARY -> "a Boolean";
          case REGRESSION -> "a number";
          case MULTICLASS -> "a String";
        };
    throw refused(asked, "a " + outcome.getClass().getName());
  }

  /** The outcome of this text, of the type that the task's targets have. */
  static Object value(Task task, String text) {
    return switch (task) {
      case BINARY -> text.equals("1");
      case REGRESSION -> Double.valueOf(text);
      case MULTICLASS -> text;
    };
  }

  /** The outcome of a binary or regression task as a number; NaN if it is of another task. */
  static double number(String text) {
    return switch (text) {
      case "0" -> 0;
      case "1" -> 1;
      default -> parsed(text);
    };
  }

  private static double parsed(String text) {
    try {
      return Double.parseDouble(text);
    } catch (NumberFormatException e) {
      // The name was used for a model of another task before.
      return Double.NaN;
    }
  }

  private static MonitoringException refused(String asked, String found) {
    return new MonitoringException(
        "an outcome of this target is " + asked + ", found " + found + "; nothing was recorded");
  }
}
