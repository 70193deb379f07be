package dev.mlops4j.registry;

import dev.mlops4j.model.ModelPackage;
import org.jspecify.annotations.Nullable;

/**
 * A version that is to come into a stage, and the one that is there: what a {@link Gate} looks at.
 * What is read of the packages is read once, when the first gate asks. Not safe for use by several
 * threads.
 */
public final class Candidate {

  private final Registry registry;
  private final ModelVersion version;
  private final Stage stage;
  private final @Nullable ModelVersion champion;
  private @Nullable VersionDetails details;
  private @Nullable VersionDetails championDetails;
  private @Nullable ModelPackage modelPackage;
  private @Nullable ModelPackage championPackage;

  Candidate(Registry registry, ModelVersion version, Stage stage, @Nullable ModelVersion champion) {
    this.registry = registry;
    this.version = version;
    this.stage = stage;
    this.champion = champion;
  }

  /** The version that is to come. */
  public ModelVersion version() {
    return version;
  }

  /** The stage it is to come into. */
  public Stage stage() {
    return stage;
  }

  /** The version that is in the stage, or null. */
  public @Nullable ModelVersion champion() {
    return champion;
  }

  /** What is known of the version; see {@link Registry#details}. */
  public VersionDetails details() {
    VersionDetails known = details;
    if (known == null) {
      known = registry.details(version);
      details = known;
    }
    return known;
  }

  /** What is known of the champion, or null if there is none. */
  public @Nullable VersionDetails championDetails() {
    if (championDetails == null && champion != null) {
      championDetails = registry.details(champion);
    }
    return championDetails;
  }

  /** The version's package, every file verified; see {@link Registry#load}. */
  public ModelPackage modelPackage() {
    ModelPackage known = modelPackage;
    if (known == null) {
      known = registry.load(version);
      modelPackage = known;
    }
    return known;
  }

  /** The champion's package, or null if there is none. */
  public @Nullable ModelPackage championPackage() {
    if (championPackage == null && champion != null) {
      championPackage = registry.load(champion);
    }
    return championPackage;
  }
}
