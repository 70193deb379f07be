package dev.mlops4j.data;

import dev.mlops4j.Digest;
import java.util.ArrayList;
import java.util.List;
import java.util.Objects;
import java.util.function.Predicate;
import java.util.stream.IntStream;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;

/**
 * Rows of named, typed values, held by column. Immutable, safe for any number of threads.
 *
 * <p>It carries data between the parts of the library; it is not a data frame. Transform data with
 * SQL, streams or features.
 *
 * <pre>{@code
 * Dataset readings = Dataset.builder(schema).add("JFK", 12.5).add("LGA", null).build();
 * double wind = readings.doubles("wind_speed").doubleAt(0);
 * }</pre>
 */
public final class Dataset {

  private final Schema schema;
  private final List<Column> columns;
  private final int rowCount;
  private final String source;

  Dataset(Schema schema, List<Column> columns, int rowCount, String source) {
    this.schema = schema;
    this.columns = List.copyOf(columns);
    this.rowCount = rowCount;
    this.source = source;
  }

  /** Starts a dataset of this schema. */
  public static DatasetBuilder builder(Schema schema) {
    return new DatasetBuilder(schema);
  }

  /**
   * A dataset of these records, a column a component; see {@link RecordCodec#of}.
   *
   * @throws SchemaException if a component has a type that no column can hold, or a required one is
   *     null
   */
  public static <R extends Record> Dataset ofRecords(Class<R> type, Iterable<? extends R> records) {
    RecordCodec<R> codec = RecordCodec.of(type);
    DatasetBuilder builder = builder(codec.schema());
    for (R record : records) {
      builder.add(codec.values(record));
    }
    return builder.build().withSource("records of " + type.getName());
  }

  /**
   * Where the rows came from, for people and for lineage, such as {@code CSV /data/flights.csv};
   * empty if that is not known. Readers state it, and what is chosen of the rows or columns keeps
   * it. It is no part of the {@link #digest()}.
   */
  public String source() {
    return source;
  }

  /** The same rows, with another statement of where they came from. */
  public Dataset withSource(String stated) {
    return new Dataset(schema, columns, rowCount, stated);
  }

  /** The columns' names and types. */
  public Schema schema() {
    return schema;
  }

  /** How many rows there are. */
  public int rowCount() {
    return rowCount;
  }

  /**
   * The column of this name.
   *
   * @throws SchemaException if there is none
   */
  public Column column(String name) {
    return columns.get(schema.indexOf(name));
  }

  /** The column at this position of the schema. */
  public Column column(int position) {
    return columns.get(position);
  }

  /**
   * The FLOAT64 column of this name.
   *
   * @throws SchemaException if there is none, or it is of another type
   */
  public DoubleColumn doubles(String name) {
    return typed(name, DoubleColumn.class, ColumnType.FLOAT64.name());
  }

  /**
   * The INT64 column of this name.
   *
   * @throws SchemaException if there is none, or it is of another type
   */
  public LongColumn longs(String name) {
    return typed(name, LongColumn.class, ColumnType.INT64.name());
  }

  /**
   * The BOOLEAN column of this name.
   *
   * @throws SchemaException if there is none, or it is of another type
   */
  public BooleanColumn booleans(String name) {
    return typed(name, BooleanColumn.class, ColumnType.BOOLEAN.name());
  }

  /**
   * The STRING column of this name.
   *
   * @throws SchemaException if there is none, or it is of another type
   */
  public StringColumn strings(String name) {
    return typed(name, StringColumn.class, ColumnType.STRING.name());
  }

  /**
   * The TIMESTAMP column of this name.
   *
   * @throws SchemaException if there is none, or it is of another type
   */
  public TimestampColumn timestamps(String name) {
    return typed(name, TimestampColumn.class, ColumnType.TIMESTAMP.name());
  }

  /**
   * The column of {@link ColumnType#floats} of this name.
   *
   * @throws SchemaException if there is none, or it is of another type
   */
  public FloatsColumn floats(String name) {
    return typed(name, FloatsColumn.class, "an array of floats");
  }

  /** The row at this position, from 0: a view. */
  public Row row(int position) {
    return new RowView(this, Objects.checkIndex(position, rowCount));
  }

  /** The rows, in order. */
  public Stream<Row> rows() {
    return IntStream.range(0, rowCount).mapToObj(this::row);
  }

  /**
   * The rows as records; see {@link RecordCodec}.
   *
   * @throws SchemaException if the columns do not fit the record's components
   */
  public <R extends Record> List<R> toRecords(Class<R> type) {
    RecordCodec<R> codec = RecordCodec.of(type);
    List<R> records = new ArrayList<>(rowCount);
    for (int i = 0; i < rowCount; i++) {
      records.add(codec.read(row(i)));
    }
    return records;
  }

  /** The rows for which the condition holds, in order. */
  public Dataset filter(Predicate<? super Row> condition) {
    return select(IntStream.range(0, rowCount).filter(i -> condition.test(row(i))).toArray());
  }

  /**
   * The rows at these positions, in the order given; a position may be given more than once.
   *
   * @throws IndexOutOfBoundsException if there is no such row
   */
  public Dataset select(int... rows) {
    for (int row : rows) {
      Objects.checkIndex(row, rowCount);
    }
    List<Column> selected = new ArrayList<>(columns.size());
    for (Column column : columns) {
      selected.add(select(column, rows));
    }
    return new Dataset(schema, selected, rows.length, source);
  }

  /**
   * The columns of these names, in the order given.
   *
   * @throws SchemaException if one does not exist or is given twice
   */
  public Dataset columns(String... names) {
    List<Field> fields = new ArrayList<>();
    List<Column> kept = new ArrayList<>();
    for (String name : names) {
      fields.add(schema.field(name));
      kept.add(column(name));
    }
    return new Dataset(Schema.of(fields), kept, rowCount, source);
  }

  /**
   * The fingerprint of the schema and all values in their order: the same on every machine and JVM,
   * different when a name, a type, a value, a missing value or the order differs. All NaNs count as
   * one value; 0.0 and -0.0 are two. The cost is one pass of SHA-256 over the values.
   */
  public Digest digest() {
    return DatasetDigest.of(this);
  }

  @Override
  public String toString() {
    return "Dataset " + rowCount + " rows " + schema;
  }

  private <C extends Column> C typed(String name, Class<C> kind, String asked) {
    Column column = column(name);
    if (!kind.isInstance(column)) {
      throw Rows.wrongType(schema.field(name), asked);
    }
    return kind.cast(column);
  }

  private static Column select(Column column, int[] rows) {
    if (column instanceof DoubleColumn doubles) {
      return doubles.select(rows);
    }
    if (column instanceof LongColumn longs) {
      return longs.select(rows);
    }
    if (column instanceof BooleanColumn booleans) {
      return booleans.select(rows);
    }
    if (column instanceof TimestampColumn timestamps) {
      return timestamps.select(rows);
    }
    if (column instanceof FloatsColumn floats) {
      return floats.select(rows);
    }
    return ((StringColumn) column).select(rows);
  }

  private record RowView(Dataset dataset, int position) implements Row {

    @Override
    public Schema schema() {
      return dataset.schema;
    }

    @Override
    public @Nullable Object value(int column) {
      return dataset.columns.get(column).get(position);
    }
  }
}
