package dev.mlops4j.serving;

import dev.mlops4j.MlopsException;
import org.jspecify.annotations.Nullable;

/** A model made elsewhere cannot become a package; the message has all that stands in the way. */
public class ModelImportException extends MlopsException {

  private static final long serialVersionUID = 1L;

  ModelImportException(String message) {
    super(message);
  }

  ModelImportException(String message, @Nullable Throwable cause) {
    super(message, cause);
  }
}
