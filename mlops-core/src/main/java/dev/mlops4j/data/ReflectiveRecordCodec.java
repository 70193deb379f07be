package dev.mlops4j.data;

import java.lang.invoke.MethodHandle;
import java.lang.invoke.MethodHandles;
import java.lang.invoke.MethodType;
import java.lang.reflect.Constructor;
import java.lang.reflect.RecordComponent;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.OptionalInt;
import java.util.regex.Pattern;
import org.jspecify.annotations.Nullable;

/** The codec of a record class, by its components. */
final class ReflectiveRecordCodec<R extends Record> implements RecordCodec<R> {

  private static final Map<Class<?>, ColumnType> COLUMN_TYPES =
      Map.ofEntries(
          Map.entry(double.class, ColumnType.FLOAT64),
          Map.entry(Double.class, ColumnType.FLOAT64),
          Map.entry(float.class, ColumnType.FLOAT64),
          Map.entry(Float.class, ColumnType.FLOAT64),
          Map.entry(long.class, ColumnType.INT64),
          Map.entry(Long.class, ColumnType.INT64),
          Map.entry(int.class, ColumnType.INT64),
          Map.entry(Integer.class, ColumnType.INT64),
          Map.entry(short.class, ColumnType.INT64),
          Map.entry(Short.class, ColumnType.INT64),
          Map.entry(boolean.class, ColumnType.BOOLEAN),
          Map.entry(Boolean.class, ColumnType.BOOLEAN),
          Map.entry(String.class, ColumnType.STRING),
          Map.entry(Instant.class, ColumnType.TIMESTAMP));

  private static final Pattern WORD_START =
      Pattern.compile("(?<=[a-z0-9])(?=[A-Z])|(?<=[A-Z])(?=[A-Z][a-z])");

  private final Class<R> type;
  private final Schema schema;
  private final Class<?>[] componentTypes;
  private final MethodHandle[] accessors;
  private final MethodHandle constructor;

  private ReflectiveRecordCodec(
      Class<R> type,
      Schema schema,
      Class<?>[] componentTypes,
      MethodHandle[] accessors,
      MethodHandle constructor) {
    this.type = type;
    this.schema = schema;
    this.componentTypes = componentTypes;
    this.accessors = accessors;
    this.constructor = constructor;
  }

  static <R extends Record> ReflectiveRecordCodec<R> of(Class<R> type) {
    RecordComponent[] components = type.getRecordComponents();
    List<Field> fields = new ArrayList<>();
    List<String> problems = new ArrayList<>();
    for (RecordComponent component : components) {
      ColumnType columnType = columnType(component);
      if (columnType == null) {
        problems.add(
            component.getName()
                + " is "
                + component.getType().getTypeName()
                + (isFloats(component.getType())
                    ? " without @Length of 1 to " + ColumnType.MAX_LENGTH
                    : ""));
        continue;
      }
      fields.add(
          new Field(
              snakeCase(component.getName()),
              columnType,
              component.getType().isPrimitive() || component.isAnnotationPresent(Required.class),
              component.isAnnotationPresent(Sensitive.class)));
    }
    if (!problems.isEmpty()) {
      throw new SchemaException(
          "no column can hold these components of "
              + type.getName()
              + ": "
              + String.join(", ", problems)
              + "; use numbers, boolean, String, an enum, Instant, or float[] or Floats with"
              + " @Length, or write a RecordCodec");
    }
    return open(type, components, Schema.of(fields));
  }

  private static <R extends Record> ReflectiveRecordCodec<R> open(
      Class<R> type, RecordComponent[] components, Schema schema) {
    Class<?>[] componentTypes =
        Arrays.stream(components).map(RecordComponent::getType).toArray(Class<?>[]::new);
    MethodHandles.Lookup lookup = MethodHandles.lookup();
    MethodHandle[] accessors = new MethodHandle[components.length];
    try {
      for (int i = 0; i < components.length; i++) {
        components[i].getAccessor().setAccessible(true);
        accessors[i] =
            lookup
                .unreflect(components[i].getAccessor())
                .asType(MethodType.methodType(Object.class, Record.class));
      }
      Constructor<R> canonical = type.getDeclaredConstructor(componentTypes);
      canonical.setAccessible(true);
      MethodHandle constructor =
          lookup
              .unreflectConstructor(canonical)
              .asSpreader(Object[].class, components.length)
              .asType(MethodType.methodType(Record.class, Object[].class));
      return new ReflectiveRecordCodec<>(type, schema, componentTypes, accessors, constructor);
    } catch (ReflectiveOperationException | RuntimeException e) {
      throw new SchemaException(
          "the components of "
              + type.getName()
              + " cannot be read: "
              + e.getMessage()
              + "; open its package to this library, or write a RecordCodec");
    }
  }

  /** {@code departureDelay} becomes {@code departure_delay}, {@code httpURLPath} http_url_path. */
  static String snakeCase(String name) {
    return WORD_START.matcher(name).replaceAll("_").toLowerCase(Locale.ROOT);
  }

  private static @Nullable ColumnType columnType(RecordComponent component) {
    Class<?> type = component.getType();
    if (isFloats(type)) {
      Length length = component.getAnnotation(Length.class);
      return length == null || length.value() < 1 || length.value() > ColumnType.MAX_LENGTH
          ? null
          : ColumnType.floats(length.value());
    }
    return type.isEnum() ? ColumnType.STRING : COLUMN_TYPES.get(type);
  }

  private static boolean isFloats(Class<?> componentType) {
    return componentType == float[].class || componentType == Floats.class;
  }

  @Override
  public Schema schema() {
    return schema;
  }

  @Override
  public @Nullable Object[] values(R object) {
    @Nullable Object[] values = new @Nullable Object[accessors.length];
    for (int i = 0; i < accessors.length; i++) {
      values[i] = toColumn(component(object, i), schema.fields().get(i));
    }
    return values;
  }

  private @Nullable Object component(R object, int position) {
    try {
      return (Object) accessors[position].invokeExact((Record) object);
    } catch (RuntimeException | Error e) {
      throw e;
    } catch (Throwable e) {
      throw new IllegalStateException("an accessor of a record throws nothing checked", e);
    }
  }

  private @Nullable Object toColumn(@Nullable Object value, Field field) {
    if (value instanceof float[] elements) {
      return checked(Floats.of(elements), field);
    }
    if (value instanceof Floats array) {
      return checked(array, field);
    }
    if (value instanceof Enum<?> constant) {
      return constant.name();
    }
    if (value instanceof Float number) {
      return number.doubleValue();
    }
    if (value instanceof Integer || value instanceof Short) {
      return ((Number) value).longValue();
    }
    return value;
  }

  private Floats checked(Floats array, Field field) {
    if (array.length() != field.type().length()) {
      throw new SchemaException(
          "column \""
              + field.name()
              + "\" of "
              + type.getName()
              + " is "
              + field.type()
              + ", found an array of "
              + array.length()
              + " elements");
    }
    return array;
  }

  @Override
  public R read(Row row) {
    @Nullable Object[] arguments = new @Nullable Object[componentTypes.length];
    for (int i = 0; i < arguments.length; i++) {
      arguments[i] = argument(row, i);
    }
    try {
      return type.cast((Record) constructor.invokeExact(arguments));
    } catch (RuntimeException | Error e) {
      throw e;
    } catch (Throwable e) {
      throw new IllegalArgumentException(type.getName() + " refused a row: " + e.getMessage(), e);
    }
  }

  private @Nullable Object argument(Row row, int position) {
    Field field = schema.fields().get(position);
    OptionalInt found = row.schema().find(field.name());
    if (found.isEmpty()) {
      throw new SchemaException(
          type.getName() + " needs a column \"" + field.name() + "\"; there are: " + row.schema());
    }
    Field given = row.schema().fields().get(found.getAsInt());
    if (given.type() != field.type()) {
      throw new SchemaException(
          "column \""
              + field.name()
              + "\" is "
              + given.type()
              + ", "
              + type.getName()
              + " needs "
              + field.type());
    }
    Object value = row.value(found.getAsInt());
    if (value == null) {
      if (field.required()) {
        throw new SchemaException(
            "column \""
                + field.name()
                + "\" is missing in a row, "
                + type.getName()
                + " requires it");
      }
      return null;
    }
    return toComponent(
        value, componentTypes[position], field, field.sensitive() || given.sensitive());
  }

  private Object toComponent(Object value, Class<?> target, Field field, boolean sensitive) {
    if (target.isEnum()) {
      for (Object constant : target.getEnumConstants()) {
        if (((Enum<?>) constant).name().equals(value)) {
          return constant;
        }
      }
      throw new SchemaException(
          "column \"" + field.name() + "\" has a value that is no constant of " + target.getName());
    }
    if (target == float[].class) {
      return ((Floats) value).toArray();
    }
    if (target == float.class || target == Float.class) {
      return ((Double) value).floatValue();
    }
    if (target == int.class || target == Integer.class) {
      return exact((Long) value, Integer.MIN_VALUE, Integer.MAX_VALUE, field, sensitive).intValue();
    }
    if (target == short.class || target == Short.class) {
      return exact((Long) value, Short.MIN_VALUE, Short.MAX_VALUE, field, sensitive).shortValue();
    }
    return value;
  }

  private Long exact(Long value, long min, long max, Field field, boolean sensitive) {
    if (value < min || value > max) {
      throw new SchemaException(
          "column \""
              + field.name()
              + "\" has "
              + (sensitive ? "a value" : value)
              + ", which does not fit into the component of "
              + type.getName());
    }
    return value;
  }
}
