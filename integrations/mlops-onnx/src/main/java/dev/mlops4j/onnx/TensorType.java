package dev.mlops4j.onnx;

import ai.onnxruntime.OnnxJavaType;
import ai.onnxruntime.OnnxTensor;
import ai.onnxruntime.OrtEnvironment;
import ai.onnxruntime.OrtException;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.DoubleBuffer;
import java.nio.FloatBuffer;
import java.nio.IntBuffer;
import java.nio.LongBuffer;
import java.nio.ShortBuffer;
import java.util.function.IntToDoubleFunction;
import org.jspecify.annotations.Nullable;

/** Makes tensors of numbers of the types that a graph may ask for. */
final class TensorType {

  private static final double TWO_TO_63 = 0x1p63;

  private TensorType() {}

  /** Whether numbers can be given as this type. */
  static boolean isNumeric(OnnxJavaType type) {
    return switch (type) {
      case FLOAT, DOUBLE, INT8, UINT8, INT16, INT32, INT64, BOOL -> true;
      default -> false;
    };
  }

  /**
   * A tensor of numbers.
   *
   * @param values the elements by their position
   * @param names what to call the element at a position where it does not fit
   */
  static OnnxTensor of(
      OrtEnvironment environment,
      OnnxJavaType type,
      long[] shape,
      int count,
      IntToDoubleFunction values,
      Names names)
      throws OrtException {
    switch (type) {
      case FLOAT -> {
        FloatBuffer floats = direct(count * Float.BYTES).asFloatBuffer();
        for (int i = 0; i < count; i++) {
          floats.put(i, (float) values.applyAsDouble(i));
        }
        return OnnxTensor.createTensor(environment, floats, shape);
      }
      case DOUBLE -> {
        DoubleBuffer doubles = direct(count * Double.BYTES).asDoubleBuffer();
        for (int i = 0; i < count; i++) {
          doubles.put(i, values.applyAsDouble(i));
        }
        return OnnxTensor.createTensor(environment, doubles, shape);
      }
      case INT64 -> {
        LongBuffer longs = direct(count * Long.BYTES).asLongBuffer();
        for (int i = 0; i < count; i++) {
          longs.put(
              i, whole(values.applyAsDouble(i), -TWO_TO_63, TWO_TO_63 - 1024, names, i, type));
        }
        return OnnxTensor.createTensor(environment, longs, shape);
      }
      case INT32 -> {
        IntBuffer ints = direct(count * Integer.BYTES).asIntBuffer();
        for (int i = 0; i < count; i++) {
          double value = values.applyAsDouble(i);
          ints.put(i, (int) whole(value, Integer.MIN_VALUE, Integer.MAX_VALUE, names, i, type));
        }
        return OnnxTensor.createTensor(environment, ints, shape);
      }
      case INT16 -> {
        ShortBuffer shorts = direct(count * Short.BYTES).asShortBuffer();
        for (int i = 0; i < count; i++) {
          double value = values.applyAsDouble(i);
          shorts.put(i, (short) whole(value, Short.MIN_VALUE, Short.MAX_VALUE, names, i, type));
        }
        return OnnxTensor.createTensor(environment, shorts, shape);
      }
      case INT8, UINT8, BOOL -> {
        int least = type == OnnxJavaType.INT8 ? Byte.MIN_VALUE : 0;
        int greatest =
            type == OnnxJavaType.INT8 ? Byte.MAX_VALUE : type == OnnxJavaType.BOOL ? 1 : 255;
        ByteBuffer bytes = direct(count);
        for (int i = 0; i < count; i++) {
          bytes.put(i, (byte) whole(values.applyAsDouble(i), least, greatest, names, i, type));
        }
        return OnnxTensor.createTensor(environment, bytes, shape, type);
      }
      default -> {
        throw new IllegalStateException(type.toString());
      }
    }
  }

  private static ByteBuffer direct(int bytes) {
    return ByteBuffer.allocateDirect(bytes).order(ByteOrder.nativeOrder());
  }

  private static long whole(
      double value, double least, double greatest, Names names, int at, OnnxJavaType type) {
    if (value != Math.rint(value) || !(value >= least && value <= greatest)) {
      throw new IllegalArgumentException(
          "input \""
              + names.at(at)
              + "\" is a tensor of "
              + type
              + ", which "
              + (Double.isNaN(value) ? "has no missing values" : value + " does not fit")
              + "; fill it in a feature, or export the model with floats");
    }
    return (long) value;
  }

  /** What inputs are called. */
  @FunctionalInterface
  interface Names {
    @Nullable String at(int position);
  }
}
