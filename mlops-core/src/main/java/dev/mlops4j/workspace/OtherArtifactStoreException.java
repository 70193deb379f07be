package dev.mlops4j.workspace;

import dev.mlops4j.MlopsException;

/**
 * The artifacts of a workspace are kept in a store that was named when it was opened before, and
 * not in the directory. Nothing was looked for and nothing changed.
 */
public final class OtherArtifactStoreException extends MlopsException {

  private static final long serialVersionUID = 1L;

  private final String store;

  /** Creates the exception with the store's description. */
  public OtherArtifactStoreException(String store) {
    super(
        "the artifacts of this workspace are in "
            + store
            + ", and it was opened with those of its directory. Nothing was changed; name the store"
            + " with Workspace.at(directory).artifacts(store), which the command line cannot");
    this.store = store;
  }

  /** What the store says of itself. */
  public String store() {
    return store;
  }
}
