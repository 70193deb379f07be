package dev.mlops4j.tracking;

/** Which runs a search looks at, as far as deletion goes. */
public enum Lifecycle {
  /** Those that are not deleted. */
  ACTIVE,
  /** Those that are deleted and not purged. */
  DELETED,
  /** Both. */
  ALL
}
