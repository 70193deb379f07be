package dev.mlops4j.onnx;

import dev.mlops4j.MlopsException;
import org.jspecify.annotations.Nullable;

/** ONNX Runtime could not do what was asked, or a graph is not one that can be served here. */
public class OnnxException extends MlopsException {

  private static final long serialVersionUID = 1L;

  OnnxException(String message) {
    super(message);
  }

  OnnxException(String message, @Nullable Throwable cause) {
    super(message, cause);
  }
}
