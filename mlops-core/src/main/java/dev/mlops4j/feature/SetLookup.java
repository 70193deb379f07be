package dev.mlops4j.feature;

import java.util.List;
import java.util.function.Function;
import org.jspecify.annotations.Nullable;

/**
 * A view that a set looks up, and where a record has the key.
 *
 * @param <T> the records
 */
record SetLookup<T>(
    FeatureView view, String alias, List<Function<? super T, ? extends @Nullable Object>> keys) {

  /** The key of this record, or null if one of its columns is null. */
  @Nullable EntityKey key(T record) {
    if (keys.size() == 1) {
      Object value = keys.get(0).apply(record);
      return value == null ? null : EntityKey.ofOne(view, value);
    }
    @Nullable Object[] values = new @Nullable Object[keys.size()];
    for (int i = 0; i < values.length; i++) {
      values[i] = keys.get(i).apply(record);
      if (values[i] == null) {
        return null;
      }
    }
    return EntityKey.of(view, values);
  }
}
