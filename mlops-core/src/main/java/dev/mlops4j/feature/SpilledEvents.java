package dev.mlops4j.feature;

import dev.mlops4j.data.ColumnType;
import dev.mlops4j.data.Field;
import dev.mlops4j.data.Timestamps;
import org.jspecify.annotations.Nullable;

/**
 * The events of a view as {@link EventBytes}, and beside them the values that are not of eight
 * bytes, and the ids that decide ties. One thread writes; sealed, it is read by any number.
 */
final class SpilledEvents implements AutoCloseable {

  private final FeatureView view;
  private final ColumnType[] types;
  private final EventCodec codec;
  private final EventCodec[] codecs;
  private final EventCodec idCodec;
  private final EventBytes layout;
  private final @Nullable SpilledValues values;
  private final @Nullable SpilledValues ids;

  /**
   * Begins without events.
   *
   * @param withIds whether ids are kept, which the view states
   */
  SpilledEvents(FeatureView view, HistoryLimits limits, boolean withIds) {
    this.view = view;
    this.types = view.columns().stream().map(Field::type).toArray(ColumnType[]::new);
    this.codec = new EventCodec(view);
    this.codecs = new EventCodec[types.length];
    this.idCodec = new EventCodec(view, ColumnType.STRING);
    boolean allBits = true;
    for (int i = 0; i < types.length; i++) {
      codecs[i] = new EventCodec(view, types[i]);
      allBits &= isBits(types[i]);
    }
    this.layout = new EventBytes(types.length, withIds);
    this.values = allBits ? null : new SpilledValues(view, limits);
    try {
      this.ids = withIds ? new SpilledValues(view, limits) : null;
    } catch (RuntimeException e) {
      close(values);
      throw e;
    }
  }

  /** Whether a value of this type has eight bytes and lies with its event. */
  private static boolean isBits(ColumnType type) {
    return type == ColumnType.FLOAT64
        || type == ColumnType.INT64
        || type == ColumnType.BOOLEAN
        || type == ColumnType.TIMESTAMP;
  }

  FeatureView view() {
    return view;
  }

  EventBytes layout() {
    return layout;
  }

  /** Whether events state ids, by which they are known again. */
  boolean hasIds() {
    return ids != null;
  }

  /**
   * Makes the bytes of an event.
   *
   * @param row where its values are in the columns
   * @param id the id that it states, if ids are kept
   */
  void encode(
      byte[] into,
      long eventTime,
      long known,
      ValueColumn[] columns,
      int row,
      @Nullable String id) {
    EventBytes.begin(into, eventTime, known);
    for (int i = 0; i < columns.length; i++) {
      if (columns[i].isNull(row)) {
        EventBytes.setNull(into, i);
      } else if (values == null || isBits(types[i])) {
        layout.setBits(into, i, columns[i].bits(row));
      } else {
        Object value = columns[i].get(row);
        if (value != null) {
          layout.setBits(into, i, values.write(codecs[i], value));
        }
      }
    }
    if (ids != null && id != null) {
      layout.setId(into, ids.write(idCodec, id));
    }
  }

  void seal() {
    if (values != null) {
      values.seal();
    }
    if (ids != null) {
      ids.seal();
    }
  }

  double number(byte[] bytes, int at, int column) {
    long bits = layout.bits(bytes, at, column);
    return types[column] == ColumnType.FLOAT64 ? Double.longBitsToDouble(bits) : bits;
  }

  @Nullable Object value(byte[] bytes, int at, int column) {
    if (EventBytes.isNull(bytes, at, column)) {
      return null;
    }
    long bits = layout.bits(bytes, at, column);
    ColumnType type = types[column];
    if (type == ColumnType.FLOAT64) {
      return Double.longBitsToDouble(bits);
    }
    if (type == ColumnType.INT64) {
      return bits;
    }
    if (type == ColumnType.BOOLEAN) {
      return bits != 0;
    }
    if (type == ColumnType.TIMESTAMP) {
      return Timestamps.fromMicros(bits);
    }
    return values == null ? null : values.read(codecs[column], bits);
  }

  /** The id by which an event is ordered among those of its time: stated, or of its content. */
  String id(byte[] key, byte[] bytes, int at) {
    if (ids != null) {
      return (String) ids.read(idCodec, layout.id(bytes, at));
    }
    @Nullable Object[] all = new @Nullable Object[types.length];
    for (int i = 0; i < all.length; i++) {
      all[i] = value(bytes, at, i);
    }
    return new ContentIds()
        .of(
            codec,
            new FeatureEvent(
                EntityKey.fromBytes(view, key),
                EventBytes.eventTime(bytes, at),
                EventBytes.known(bytes, at),
                "",
                all));
  }

  /** Lets go of the ids, which decide nothing once all is in order. */
  void closeIds() {
    close(ids);
  }

  @Override
  public void close() {
    try (ids) {
      close(values);
    }
  }

  private static void close(@Nullable SpilledValues file) {
    if (file != null) {
      file.close();
    }
  }
}
