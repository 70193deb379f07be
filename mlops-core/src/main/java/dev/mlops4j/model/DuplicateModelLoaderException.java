package dev.mlops4j.model;

import dev.mlops4j.MlopsException;

/** Two loaders have the same name, so that it would depend on chance which one loads a model. */
public class DuplicateModelLoaderException extends MlopsException {

  private static final long serialVersionUID = 1L;

  private final String name;

  /** Creates an exception for the two classes that have this name. */
  public DuplicateModelLoaderException(String name, Class<?> first, Class<?> second) {
    super(
        "two model loaders are named \""
            + name
            + "\": "
            + first.getName()
            + " and "
            + second.getName()
            + "; remove one from the class path, or choose with ModelLoaders.of");
    this.name = name;
  }

  /** The name that both have. */
  public String name() {
    return name;
  }
}
