package dev.mlops4j.feature;

import dev.mlops4j.Digest;
import java.time.Instant;
import java.util.List;

/**
 * What a feature store knows of one version of a feature set that it made training sets of.
 *
 * @param name the set's name
 * @param version the number of this definition among those of its name, from 1
 * @param fingerprint the fingerprint of the definition, which the manifests of models carry
 * @param definition the definition as canonical text
 * @param views the fingerprints of the views that it looks up
 * @param registered when it was first used
 * @param description what the set is for, or empty
 * @param owner who answers for the set, or empty
 */
public record SetInfo(
    String name,
    int version,
    Digest fingerprint,
    String definition,
    List<Digest> views,
    Instant registered,
    String description,
    String owner) {

  /** Copies the views. */
  public SetInfo {
    views = List.copyOf(views);
  }

  /** The same as another version of its name. */
  SetInfo numbered(int number) {
    return new SetInfo(
        name, number, fingerprint, definition, views, registered, description, owner);
  }
}
