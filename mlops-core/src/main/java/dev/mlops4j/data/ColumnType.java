package dev.mlops4j.data;

import java.time.Instant;
import java.util.Map;
import java.util.concurrent.ConcurrentHashMap;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/**
 * What the values of a column are. There is one object of each type, so types are compared with
 * {@code ==}; {@code switch} takes the {@link #kind()}. Immutable, safe for any number of threads.
 */
public final class ColumnType {

  /** The kinds of types: a type is one of these, with a length if it is an array's. */
  public enum Kind {
    /** See {@link ColumnType#FLOAT64}. */
    FLOAT64,
    /** See {@link ColumnType#INT64}. */
    INT64,
    /** See {@link ColumnType#BOOLEAN}. */
    BOOLEAN,
    /** See {@link ColumnType#STRING}. */
    STRING,
    /** See {@link ColumnType#TIMESTAMP}. */
    TIMESTAMP,
    /** See {@link ColumnType#floats}. */
    FLOATS
  }

  /** A 64-bit floating point number; NaN and the infinities are values, not missing ones. */
  public static final ColumnType FLOAT64 = new ColumnType(Kind.FLOAT64, 0, Double.class);

  /** A 64-bit signed integer. */
  public static final ColumnType INT64 = new ColumnType(Kind.INT64, 0, Long.class);

  /** True or false. */
  public static final ColumnType BOOLEAN = new ColumnType(Kind.BOOLEAN, 0, Boolean.class);

  /** Text, also the name of a category; held once per distinct value. */
  public static final ColumnType STRING = new ColumnType(Kind.STRING, 0, String.class);

  /** An instant, held to the microsecond; see {@link Timestamps}. */
  public static final ColumnType TIMESTAMP = new ColumnType(Kind.TIMESTAMP, 0, Instant.class);

  /** The greatest length of an array. */
  public static final int MAX_LENGTH = 65_536;

  private static final Map<String, ColumnType> PLAIN =
      Map.of(
          "FLOAT64", FLOAT64,
          "INT64", INT64,
          "BOOLEAN", BOOLEAN,
          "STRING", STRING,
          "TIMESTAMP", TIMESTAMP);

  /** One object a length, made when it is first asked for; at most {@link #MAX_LENGTH} of them. */
  private static final Map<Integer, ColumnType> BY_LENGTH = new ConcurrentHashMap<>();

  private static final Pattern FLOATS = Pattern.compile("FLOATS\\(([1-9][0-9]{0,4})\\)");

  private final Kind kind;
  private final int length;
  private final Class<?> javaType;

  private ColumnType(Kind kind, int length, Class<?> javaType) {
    this.kind = kind;
    this.length = length;
    this.javaType = javaType;
  }

  /**
   * An array of this many 32-bit floating point numbers, such as an embedding: {@code floats(64)}.
   * NaN and the infinities are values; an element cannot be missing, the whole array can.
   *
   * @param length from 1 to {@link #MAX_LENGTH}
   * @throws SchemaException if {@code length} is not
   */
  public static ColumnType floats(int length) {
    if (length < 1 || length > MAX_LENGTH) {
      throw new SchemaException(
          "an array of floats has from 1 to " + MAX_LENGTH + " elements, found " + length);
    }
    return BY_LENGTH.computeIfAbsent(
        length, asked -> new ColumnType(Kind.FLOATS, asked, Floats.class));
  }

  /**
   * The type of this {@link #name()}.
   *
   * @throws IllegalArgumentException if there is none
   */
  public static ColumnType valueOf(String name) {
    ColumnType plain = PLAIN.get(name);
    if (plain != null) {
      return plain;
    }
    Matcher array = FLOATS.matcher(name);
    if (!array.matches() || Integer.parseInt(array.group(1)) > MAX_LENGTH) {
      throw new IllegalArgumentException("there is no type of columns \"" + name + "\"");
    }
    return floats(Integer.parseInt(array.group(1)));
  }

  /** The kind. */
  public Kind kind() {
    return kind;
  }

  /** How many elements an array of {@link #floats} has; 0 for any other type. */
  public int length() {
    return length;
  }

  /** The boxed Java type that {@link Column#get} gives for this type. */
  public Class<?> javaType() {
    return javaType;
  }

  /** As in {@code FLOAT64} or {@code FLOATS(64)}; stored, so it never changes. */
  public String name() {
    return kind == Kind.FLOATS ? "FLOATS(" + length + ")" : kind.name();
  }

  /** The {@link #name()}. */
  @Override
  public String toString() {
    return name();
  }
}
