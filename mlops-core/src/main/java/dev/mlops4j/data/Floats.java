package dev.mlops4j.data;

import java.nio.BufferUnderflowException;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.util.Arrays;
import org.jspecify.annotations.Nullable;

/**
 * An array of 32-bit floating point numbers that does not change, such as an embedding: the value
 * of a column of {@link ColumnType#floats}. Safe for any number of threads.
 *
 * <pre>{@code
 * Floats query = Floats.of(encoder.encode("red shoes"));
 * double similarity = query.cosineSimilarity(item);
 * }</pre>
 *
 * <p>Two are equal if they have the same elements, where all NaNs are one value, and 0.0 and -0.0
 * are two.
 */
public final class Floats {

  private final float[] values;

  private Floats(float[] values) {
    this.values = values;
  }

  /** An array of these elements, which are copied. */
  public static Floats of(float... values) {
    return new Floats(values.clone());
  }

  /**
   * Reads an array as {@link #write} wrote it.
   *
   * @param from read from its position on, whatever its byte order; then behind the array
   * @param length the number of elements
   * @throws BufferUnderflowException if fewer than 4 bytes an element remain
   */
  public static Floats read(ByteBuffer from, int length) {
    if (length > from.remaining() / Float.BYTES) {
      throw new BufferUnderflowException();
    }
    float[] values = new float[length];
    from.slice().order(ByteOrder.LITTLE_ENDIAN).asFloatBuffer().get(values);
    from.position(from.position() + length * Float.BYTES);
    return new Floats(values);
  }

  /**
   * Writes 4 bytes an element, to the bit, little-endian.
   *
   * @param into written from its position on, whatever its byte order
   * @throws java.nio.BufferOverflowException if there is too little room; nothing is then written
   */
  public void write(ByteBuffer into) {
    into.slice().order(ByteOrder.LITTLE_ENDIAN).asFloatBuffer().put(values);
    into.position(into.position() + values.length * Float.BYTES);
  }

  /** The number of elements. */
  public int length() {
    return values.length;
  }

  /**
   * The element at this position, from 0.
   *
   * @throws IndexOutOfBoundsException if there is none
   */
  public float at(int position) {
    return values[position];
  }

  /** The elements, in a new array. */
  public float[] toArray() {
    return values.clone();
  }

  /**
   * The dot product, added up in double precision from the first element to the last, so that it is
   * the same to the bit wherever it is computed.
   *
   * @throws IllegalArgumentException if the other has another length
   */
  public double dot(Floats other) {
    requireSameLength(other);
    double sum = 0;
    for (int i = 0; i < values.length; i++) {
      sum += (double) values[i] * other.values[i];
    }
    return sum;
  }

  /**
   * The cosine of the angle to the other, from -1 to 1 but for rounding; NaN if one of them has
   * length 0 as a vector. Computed in double precision, the same to the bit wherever it is.
   *
   * @throws IllegalArgumentException if the other has another number of elements
   */
  public double cosineSimilarity(Floats other) {
    return dot(other) / (norm() * other.norm());
  }

  /** The Euclidean norm: the root of the dot product with itself. */
  public double norm() {
    return Math.sqrt(dot(this));
  }

  private void requireSameLength(Floats other) {
    if (values.length != other.values.length) {
      throw new IllegalArgumentException(
          "arrays are of one length, found " + values.length + " and " + other.values.length);
    }
  }

  @Override
  public boolean equals(@Nullable Object other) {
    return this == other || (other instanceof Floats that && Arrays.equals(values, that.values));
  }

  @Override
  public int hashCode() {
    return Arrays.hashCode(values);
  }

  /** All elements, as in {@code [0.5, -1.0]}: what the CSV reader reads. */
  @Override
  public String toString() {
    return Arrays.toString(values);
  }
}
