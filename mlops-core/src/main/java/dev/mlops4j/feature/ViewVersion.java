package dev.mlops4j.feature;

import dev.mlops4j.Digest;
import java.util.OptionalLong;

/** A registered version of a view, as it is stored. */
record ViewVersion(String view, Digest fingerprint, String definition) {

  /** How old its events may be, in microseconds; of a definition the program may have no more. */
  OptionalLong retention() {
    return ViewDefinition.retention(definition);
  }

  /** How many columns its key has. */
  int keyColumns() {
    return ViewDefinition.keyColumns(definition);
  }
}
