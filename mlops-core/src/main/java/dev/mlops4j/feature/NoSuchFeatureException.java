package dev.mlops4j.feature;

import dev.mlops4j.MlopsException;
import java.util.Collection;

/** There is no feature of the name asked for. */
public class NoSuchFeatureException extends MlopsException {

  private static final long serialVersionUID = 1L;

  private final String feature;

  /** Creates an exception for this feature of a view or a set, with the names there are. */
  public NoSuchFeatureException(String owner, String feature, Collection<String> known) {
    super(owner + " has no feature \"" + feature + "\"; it has: " + String.join(", ", known));
    this.feature = feature;
  }

  /** The name asked for. */
  public String feature() {
    return feature;
  }
}
