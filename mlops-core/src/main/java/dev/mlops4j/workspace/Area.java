package dev.mlops4j.workspace;

import dev.mlops4j.storage.Durability;

/** The databases of a workspace: apart, so that bulk writes never hold up a promotion. */
public enum Area {
  /** Runs, the registry and its history: what is committed survives a power failure. */
  METADATA("metadata.db", Durability.FULL),
  /** Online values and the history of features. */
  FEATURES("features.db", Durability.NORMAL),
  /** Predictions and outcomes. */
  LEDGER("ledger.db", Durability.NORMAL),
  /**
   * Which artifacts were put lately. Where METADATA is in a database that was named, this is in the
   * same one unless another is named for it: all who refer to artifacts must see it.
   */
  ARTIFACTS("artifacts.db", Durability.NORMAL);

  private final String fileName;
  private final Durability durability;

  Area(String fileName, Durability durability) {
    this.fileName = fileName;
    this.durability = durability;
  }

  String fileName() {
    return fileName;
  }

  Durability durability() {
    return durability;
  }
}
