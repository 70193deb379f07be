/** Models in ONNX, predicted by ONNX Runtime. */
@NullMarked
package dev.mlops4j.onnx;

import org.jspecify.annotations.NullMarked;
