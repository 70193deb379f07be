package dev.mlops4j.pipeline;

import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;

/** The values of the parameters of one run. */
final class ParameterValues {

  private final Map<String, Object> values = new LinkedHashMap<>();

  /**
   * Takes the texts that were given, and defaults.
   *
   * @throws InvalidParameterException if one is unknown, of a wrong type, or missing
   */
  ParameterValues(Pipeline pipeline, Map<String, String> given) {
    given.forEach((name, text) -> values.put(name, pipeline.parameter(name).parse(text)));
    List<String> missing = new ArrayList<>();
    for (Parameter<?> parameter : pipeline.parameters()) {
      Object byDefault = parameter.defaultValue();
      if (byDefault != null) {
        values.putIfAbsent(parameter.name(), byDefault);
      } else if (!values.containsKey(parameter.name())) {
        missing.add(parameter.name());
      }
    }
    if (!missing.isEmpty()) {
      throw new InvalidParameterException(
          missing.get(0),
          "pipeline \"" + pipeline.name() + "\" needs a value for each of " + missing);
    }
  }

  Object value(Parameter<?> parameter) {
    Object value = values.get(parameter.name());
    if (value == null) {
      throw new IllegalStateException(parameter + " has no value");
    }
    return value;
  }

  String text(Parameter<?> parameter) {
    return ParameterText.write(value(parameter));
  }

  /** All of them as texts, by name. */
  Map<String, String> texts() {
    Map<String, String> texts = new LinkedHashMap<>();
    values.forEach((name, value) -> texts.put(name, ParameterText.write(value)));
    return texts;
  }
}
