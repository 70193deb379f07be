package dev.mlops4j.tribuo;

/** A model file names a class that no model of this library needs; nothing of it was loaded. */
public class ForbiddenClassException extends TribuoException {

  private static final long serialVersionUID = 1L;

  private final String className;

  /** Creates an exception for this class name, found in a field of this name. */
  public ForbiddenClassException(String className, String field) {
    super(
        "the Tribuo model names the class \""
            + className
            + "\" in its field \""
            + field
            + "\", which is not among the classes that a model may have; do not use the file, or"
            + " train the model again with this library");
    this.className = className;
  }

  /** The name found. */
  public String className() {
    return className;
  }
}
