package dev.mlops4j.pipeline;

import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;

/** The values of the parameters of one run. */
final class ParameterValues {

  /** What is recorded of a secret. */
  static final String SECRET = "(secret)";

  private final Pipeline pipeline;
  private final Map<String, Object> values = new LinkedHashMap<>();

  /**
   * Takes the texts that were given, and defaults.
   *
   * @throws InvalidParameterException if one is unknown, of a wrong type, or missing
   */
  ParameterValues(Pipeline pipeline, Map<String, String> given) {
    this.pipeline = pipeline;
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

  /** As it is recorded, and counts in keys: of a secret it says only that there is one. */
  String text(Parameter<?> parameter) {
    Object value = value(parameter);
    return parameter.isSecret() ? SECRET : ParameterText.write(value);
  }

  /** All of them as they are recorded, by name. */
  Map<String, String> texts() {
    Map<String, String> texts = new LinkedHashMap<>();
    values.keySet().forEach(name -> texts.put(name, text(pipeline.parameter(name))));
    return texts;
  }
}
