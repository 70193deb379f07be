package dev.mlops4j.registry;

import dev.mlops4j.MlopsException;

/** A model's name or an alias is not of the form that is accepted. */
public final class InvalidModelNameException extends MlopsException {

  private static final long serialVersionUID = 1L;

  InvalidModelNameException(String message) {
    super(message);
  }
}
