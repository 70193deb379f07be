package dev.mlops4j.data;

import org.jspecify.annotations.Nullable;

/** What the typed methods of {@link Row} share. */
final class Rows {

  private Rows() {}

  static <V> @Nullable V typed(Row row, String name, Class<V> type) {
    Object value = row.value(name);
    if (value == null) {
      return null;
    }
    if (type.isInstance(value)) {
      return type.cast(value);
    }
    throw wrongType(row.schema().field(name), "a " + type.getSimpleName());
  }

  static SchemaException wrongType(Field field, String asked) {
    return new SchemaException(
        "column \"" + field.name() + "\" was read as " + asked + ", but it is " + field.type());
  }
}
