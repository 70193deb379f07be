package dev.mlops4j.data;

import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.OptionalInt;
import java.util.Set;
import java.util.stream.Collectors;

/**
 * The columns of a {@link Dataset}, in order. Immutable.
 *
 * <pre>{@code
 * Schema schema = Schema.builder()
 *     .required("origin", STRING)
 *     .optional("wind_speed", FLOAT64)
 *     .optional("passenger", STRING).sensitive("passenger")
 *     .build();
 * }</pre>
 */
public final class Schema {

  private final List<Field> fields;
  private final Map<String, Integer> positions;

  private Schema(List<Field> fields) {
    this.fields = List.copyOf(fields);
    Map<String, Integer> byName = new LinkedHashMap<>();
    for (Field field : fields) {
      if (byName.put(field.name(), byName.size()) != null) {
        throw new SchemaException("column \"" + field.name() + "\" is declared twice");
      }
    }
    this.positions = byName;
  }

  /** A schema of these columns. */
  public static Schema of(List<Field> fields) {
    return new Schema(fields);
  }

  /** Starts a schema without columns. */
  public static Builder builder() {
    return new Builder();
  }

  /** The columns, in order. */
  public List<Field> fields() {
    return fields;
  }

  /** How many columns there are. */
  public int size() {
    return fields.size();
  }

  /** The names of the columns, in order. */
  public List<String> names() {
    return List.copyOf(positions.keySet());
  }

  /** Whether there is a column of this name. */
  public boolean contains(String name) {
    return positions.containsKey(name);
  }

  /** The position of the column of this name, from 0, or empty if there is none. */
  public OptionalInt find(String name) {
    Integer position = positions.get(name);
    return position == null ? OptionalInt.empty() : OptionalInt.of(position);
  }

  /**
   * The position of the column of this name, from 0.
   *
   * @throws SchemaException if there is none; the message lists the columns there are
   */
  public int indexOf(String name) {
    Integer position = positions.get(name);
    if (position == null) {
      throw new SchemaException(
          "no column \"" + name + "\"; there are: " + String.join(", ", positions.keySet()));
    }
    return position;
  }

  /**
   * The column of this name.
   *
   * @throws SchemaException if there is none
   */
  public Field field(String name) {
    return fields.get(indexOf(name));
  }

  /** The names of the sensitive columns. */
  public Set<String> sensitive() {
    return fields.stream()
        .filter(Field::sensitive)
        .map(Field::name)
        .collect(Collectors.toUnmodifiableSet());
  }

  /**
   * Whether the columns have the same names and types in the same order; which are required and
   * which sensitive does not matter.
   */
  public boolean hasColumnsOf(Schema other) {
    return namesAndTypes().equals(other.namesAndTypes());
  }

  private List<String> namesAndTypes() {
    return fields.stream().map(field -> field.type() + " " + field.name()).toList();
  }

  /**
   * The columns as JSON, on one line and in ASCII, such as {@code
   * [{"name":"origin","type":"STRING","required":true}]}; a flag that is not there is false. Equal
   * schemas give equal texts.
   */
  public String toJson() {
    return SchemaJson.write(this);
  }

  /**
   * The schema of a text of {@link #toJson()}.
   *
   * @throws SchemaException if it is none
   */
  public static Schema ofJson(String json) {
    return SchemaJson.read(json);
  }

  @Override
  public boolean equals(Object other) {
    return other instanceof Schema that && fields.equals(that.fields);
  }

  @Override
  public int hashCode() {
    return fields.hashCode();
  }

  @Override
  public String toString() {
    return fields.stream()
        .map(field -> field.name() + " " + field.type() + (field.required() ? " required" : ""))
        .collect(Collectors.joining(", ", "(", ")"));
  }

  /** Collects the columns of a schema. Not safe for use by several threads. */
  public static final class Builder {

    private final List<Field> fields = new ArrayList<>();

    private Builder() {}

    /** Adds a column that has a value in every row. */
    public Builder required(String name, ColumnType type) {
      fields.add(new Field(name, type, true, false));
      return this;
    }

    /** Adds a column whose values may be missing. */
    public Builder optional(String name, ColumnType type) {
      fields.add(new Field(name, type, false, false));
      return this;
    }

    /**
     * Marks columns added before as sensitive.
     *
     * @throws SchemaException if one of them was not added
     */
    public Builder sensitive(String... names) {
      Schema soFar = new Schema(fields);
      for (String name : names) {
        Field field = soFar.field(name);
        fields.set(soFar.indexOf(name), new Field(name, field.type(), field.required(), true));
      }
      return this;
    }

    /**
     * The schema.
     *
     * @throws SchemaException if two columns have the same name
     */
    public Schema build() {
      return new Schema(fields);
    }
  }
}
