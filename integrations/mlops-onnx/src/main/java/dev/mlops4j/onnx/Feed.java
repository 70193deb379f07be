package dev.mlops4j.onnx;

import ai.onnxruntime.OnnxTensor;
import ai.onnxruntime.OrtException;
import java.util.Map;

/** Turns rows into the tensors of a graph. Safe for any number of threads. */
interface Feed {

  /** How many rows every call has, or 0 if any number. */
  int fixedRows();

  /**
   * Adds the tensors of these rows, which the caller closes, also if this throws.
   *
   * @param vectors one row after another
   * @param from the position of the first row's first double
   * @throws IllegalArgumentException if a value does not fit the type of its tensor
   */
  void add(double[] vectors, int from, int rows, Map<String, OnnxTensor> tensors)
      throws OrtException;
}
