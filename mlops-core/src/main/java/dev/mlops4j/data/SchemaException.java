package dev.mlops4j.data;

import dev.mlops4j.MlopsException;

/** A schema, or data given for it, is not what was declared: a name, a type, a missing value. */
public class SchemaException extends MlopsException {

  private static final long serialVersionUID = 1L;

  /** Creates an exception with all problems found, in one message. */
  public SchemaException(String message) {
    super(message);
  }
}
