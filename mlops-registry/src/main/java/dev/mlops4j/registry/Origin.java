package dev.mlops4j.registry;

import dev.mlops4j.model.RunFacts;
import org.jspecify.annotations.Nullable;

/**
 * Where a version came from, as it was known when it was registered. Immutable.
 *
 * @param facts what its run had logged
 * @param importedFrom of which version of which workspace it is a copy, for people; or null
 */
public record Origin(RunFacts facts, @Nullable String importedFrom) {

  /** That of a version of which nothing more is known. */
  public static final Origin UNKNOWN = new Origin(RunFacts.NONE, null);
}
