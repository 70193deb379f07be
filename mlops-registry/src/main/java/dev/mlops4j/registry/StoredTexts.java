package dev.mlops4j.registry;

import dev.mlops4j.MlopsException;
import dev.mlops4j.model.DatasetReference;
import dev.mlops4j.model.Manifest;
import dev.mlops4j.model.RunFacts;
import java.util.Objects;

/**
 * Checks that what comes from elsewhere can be stored in every database and read back as it was; by
 * the limits that a run has.
 */
final class StoredTexts {

  private static final int MAX_NAME_LENGTH = 255;
  private static final int MAX_VALUE_LENGTH = 65_536;

  private StoredTexts() {}

  static void check(RunFacts facts) {
    facts
        .params()
        .forEach(
            (key, value) -> {
              checkName("param", key);
              check("param", value, MAX_VALUE_LENGTH);
            });
    facts.metrics().keySet().forEach(key -> checkName("metric", key));
    facts.datasets().forEach(StoredTexts::check);
  }

  static void check(Manifest manifest) {
    checkName("format", manifest.format());
    check("feature set", manifest.featureSet(), MAX_NAME_LENGTH);
    check("run", Objects.requireNonNullElse(manifest.runId(), ""), MAX_NAME_LENGTH);
  }

  static void checkOrigin(String origin) {
    check("origin", origin, MAX_VALUE_LENGTH);
  }

  private static void check(DatasetReference dataset) {
    checkName("dataset", dataset.name());
    checkName("role", dataset.role());
    check("source", dataset.source(), MAX_VALUE_LENGTH);
    if (dataset.schema() != null) {
      dataset.schema().names().forEach(name -> check("column", name, MAX_VALUE_LENGTH));
    }
  }

  private static void checkName(String what, String name) {
    check(what, name, MAX_NAME_LENGTH);
    if (name.isBlank() || name.chars().anyMatch(Character::isISOControl)) {
      throw new MlopsException(
          "the name of a " + what + " is blank or has a control character; nothing takes it");
    }
  }

  private static void check(String what, String text, int most) {
    if (text.length() > most || text.indexOf('\0') >= 0 || !Names.isUnicode(text)) {
      throw new MlopsException(
          "a "
              + what
              + " of "
              + text.length()
              + " characters is not accepted: it has at most "
              + most
              + ", and neither U+0000 nor half of a surrogate pair");
    }
  }
}
