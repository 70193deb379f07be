package dev.mlops4j.registry;

/** What a model version is there for. */
public enum Stage {
  /** Registered, and nothing more. */
  NONE,
  /** Tried out; several versions of a model may be. */
  STAGING,
  /** Serves. At most one version of a model does. */
  PRODUCTION,
  /** Served or was tried out, and no longer is. */
  ARCHIVED
}
