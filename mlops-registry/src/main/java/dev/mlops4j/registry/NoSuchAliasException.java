package dev.mlops4j.registry;

import dev.mlops4j.MlopsException;
import java.util.Map;

/** An alias was asked for that the model does not have. */
public final class NoSuchAliasException extends MlopsException {

  private static final long serialVersionUID = 1L;

  private final String model;
  private final String alias;

  NoSuchAliasException(String model, String alias, Map<String, Integer> aliases) {
    super("model \"" + model + "\" has no alias \"" + alias + "\"; it has " + aliases);
    this.model = model;
    this.alias = alias;
  }

  /** The model's name. */
  public String model() {
    return model;
  }

  /** The alias that was asked for. */
  public String alias() {
    return alias;
  }
}
