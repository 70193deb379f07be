package dev.mlops4j.serving;

import dev.mlops4j.data.ColumnType;
import dev.mlops4j.data.Field;
import dev.mlops4j.data.Floats;
import dev.mlops4j.data.Schema;
import java.math.BigDecimal;
import java.math.BigInteger;
import java.time.DateTimeException;
import java.time.Instant;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/** Columns as they come from outside, in the types of a schema. */
final class Columns {

  private Columns() {}

  /** The columns in their types; what is wrong is added to the problems, and left out. */
  static Map<String, @Nullable Object> typed(
      Schema schema,
      Map<String, ? extends @Nullable Object> columns,
      String where,
      RequestProblems problems) {
    Map<String, @Nullable Object> typed = new HashMap<>();
    for (Field field : schema.fields()) {
      Object value = columns.get(field.name());
      if (value != null) {
        Object converted = converted(field.type(), value);
        if (converted == null) {
          problems.add(
              where
                  + "\""
                  + field.name()
                  + "\" is "
                  + named(field.type())
                  + ", found "
                  + found(value)
                  + (fits(value) || field.sensitive() ? "" : " that is none"));
        }
        typed.put(field.name(), converted);
      } else if (field.required()) {
        problems.add(
            where
                + "\""
                + field.name()
                + "\" is required and "
                + (columns.containsKey(field.name()) ? "missing" : "absent"));
      } else {
        typed.put(field.name(), null);
      }
    }
    for (String name : columns.keySet()) {
      if (!schema.contains(name)) {
        problems.add(where + RequestProblems.unknown(name, schema.names()));
      }
    }
    return typed;
  }

  private static boolean fits(Object value) {
    return !(value instanceof String) && !(value instanceof Number);
  }

  private static String found(Object value) {
    if (!(value instanceof List<?> list)) {
      return "a " + value.getClass().getSimpleName();
    }
    return "an array of "
        + list.size()
        + (list.stream().allMatch(Number.class::isInstance) ? "" : ", not all of them numbers");
  }

  private static String named(ColumnType type) {
    return switch (type.kind()) {
      case FLOAT64 -> "a number";
      case INT64 -> "a whole number";
      case BOOLEAN -> "true or false";
      case STRING -> "text";
      case TIMESTAMP -> "an instant such as 2026-01-31T12:00:00Z";
      case FLOATS -> "an array of " + type.length() + " numbers in the range of 32-bit floats";
    };
  }

  /** The value in the type's Java type, or null if it is none. */
  private static @Nullable Object converted(ColumnType type, Object value) {
    return switch (type.kind()) {
      case FLOAT64 -> value instanceof Number number ? (Object) number.doubleValue() : null;
      case INT64 -> value instanceof Number number ? whole(number) : null;
      case BOOLEAN -> value instanceof Boolean ? value : null;
      case STRING -> value instanceof String ? value : null;
      case TIMESTAMP -> instant(value);
      case FLOATS -> floats(type, value);
    };
  }

  private static @Nullable Floats floats(ColumnType type, Object value) {
    Floats array = null;
    if (value instanceof Floats given) {
      array = given;
    } else if (value instanceof float[] elements) {
      array = Floats.of(elements);
    } else if (value instanceof List<?> list && list.size() == type.length()) {
      array = floats(list);
    }
    return array != null && array.length() == type.length() ? array : null;
  }

  private static @Nullable Floats floats(List<?> list) {
    float[] elements = new float[list.size()];
    for (int i = 0; i < elements.length; i++) {
      if (!(list.get(i) instanceof Number number)) {
        return null;
      }
      elements[i] = number.floatValue();
      boolean infinite =
          (number instanceof Double || number instanceof Float)
              && Double.isInfinite(number.doubleValue());
      if (Float.isInfinite(elements[i]) && !infinite) {
        return null;
      }
    }
    return Floats.of(elements);
  }

  private static @Nullable Long whole(Number number) {
    if (number instanceof Long || number instanceof Integer || number instanceof Short) {
      return number.longValue();
    }
    if (number instanceof BigInteger big) {
      return big.bitLength() < Long.SIZE ? (Long) big.longValue() : null;
    }
    double value = number instanceof BigDecimal big ? big.doubleValue() : number.doubleValue();
    return value == Math.rint(value) && Math.abs(value) <= 0x1p53 ? (Long) (long) value : null;
  }

  private static @Nullable Instant instant(Object value) {
    if (value instanceof Instant instant) {
      return instant;
    }
    try {
      return value instanceof String text ? Instant.parse(text) : null;
    } catch (DateTimeException e) {
      return null;
    }
  }
}
