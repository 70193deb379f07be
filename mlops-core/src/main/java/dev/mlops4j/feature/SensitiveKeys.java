package dev.mlops4j.feature;

import dev.mlops4j.data.Field;
import dev.mlops4j.data.RecordCodec;
import java.util.List;
import java.util.Objects;
import java.util.function.Predicate;
import org.jspecify.annotations.Nullable;

/**
 * Keys that a view calls sensitive, and the requests that have them: which column of a request a
 * key is taken from cannot be seen, as a function takes it.
 */
final class SensitiveKeys {

  private static final String MEND =
      "mark the component with @Sensitive, give a codec(...) whose schema marks its column, or say"
          + " withoutGoldenRows()";

  private SensitiveKeys() {}

  /** What is wrong with a set that keeps such requests, none of whose columns is sensitive. */
  static void check(
      List<? extends SetLookup<?>> lookups, @Nullable RecordCodec<?> codec, List<String> problems) {
    if (codec == null || !codec.schema().sensitive().isEmpty()) {
      return;
    }
    for (SetLookup<?> lookup : lookups) {
      FeatureView view = lookup.view();
      List<String> keys = view.keys().stream().filter(Field::sensitive).map(Field::name).toList();
      if (!keys.isEmpty()) {
        problems.add(
            "view \""
                + view.name()
                + "\" has the sensitive key "
                + keys
                + ", but no column of the requests is sensitive, and requests are kept in golden"
                + " rows; "
                + MEND);
      }
    }
  }

  /**
   * Refuses a request without sensitive values that still has a sensitive key of a record.
   *
   * @param records what it was made of, but for those without sensitive values of their own
   */
  static <T> void check(FeatureSet<T> set, T request, List<T> records) {
    for (SetLookup<T> lookup : set.lookups()) {
      List<Field> keys = lookup.view().keys();
      EntityKey key = set.key(lookup, request);
      for (int i = 0; i < keys.size() && key != null; i++) {
        Object value = key.values().get(i);
        if (keys.get(i).sensitive()
            && !isNeutral(value)
            && records.stream().anyMatch(hasIn(set, lookup, i, value))) {
          throw new FeatureDefinitionException(
              "feature set \""
                  + set.name()
                  + "\": the sensitive key \""
                  + keys.get(i).name()
                  + "\" of view \""
                  + lookup.view().name()
                  + "\" is taken from a column that is not sensitive, and would be kept in golden"
                  + " rows; "
                  + MEND);
        }
      }
    }
  }

  private static <T> Predicate<T> hasIn(
      FeatureSet<T> set, SetLookup<T> lookup, int column, Object value) {
    return one -> {
      EntityKey key = set.key(lookup, one);
      return key != null && Objects.equals(key.values().get(column), value);
    };
  }

  /** Whether it may be there in place of a value that was left out. */
  private static boolean isNeutral(Object value) {
    return value.equals("") || value.equals(0L) || value.equals(false);
  }
}
