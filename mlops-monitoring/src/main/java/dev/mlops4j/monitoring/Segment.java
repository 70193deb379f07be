package dev.mlops4j.monitoring;

import dev.mlops4j.MlopsException;
import dev.mlops4j.model.Signature.Input;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.function.Function;
import org.jspecify.annotations.Nullable;

/**
 * What predictions are told apart by.
 *
 * @param value the value of a prediction, or null; null if it is the column of this name
 */
record Segment(String name, @Nullable Function<LedgerRow, @Nullable String> value) {

  static Segment column(String name) {
    return new Segment(name, null);
  }

  /** The function; that of a column reads vectors by the signatures of their versions. */
  Function<LedgerRow, @Nullable String> reader(References references) {
    if (value != null) {
      return value;
    }
    Map<Integer, Column> columns = new HashMap<>();
    return row -> columns.computeIfAbsent(row.version(), v -> column(references, v)).of(row);
  }

  private Column column(References references, int version) {
    try {
      Reference reference = references.of(version);
      int place = reference.signature().names().indexOf(name);
      return new Column(
          place,
          place < 0 ? null : reference.signature().inputs().get(place),
          reference.sensitive().contains(name));
    } catch (MlopsException e) {
      // Nothing says what the vectors of this version mean.
      return new Column(-1, null, false);
    }
  }

  /** Where the vectors of a version have the column, and what it is; -1 and null if nowhere. */
  private record Column(int place, @Nullable Input input, boolean sensitive) {

    @Nullable String of(LedgerRow row) {
      Input found = input;
      if (found == null || place >= row.vector().length || Double.isNaN(row.vector()[place])) {
        return null;
      }
      if (sensitive) {
        return PerformanceReport.SENSITIVE;
      }
      double number = row.vector()[place];
      boolean whole = number == Math.rint(number) && Math.abs(number) < 1e15;
      List<String> categories = found.categories();
      if (categories.isEmpty()) {
        return whole ? Long.toString((long) number) : Double.toString(number);
      }
      return whole && number >= 0 && number < categories.size()
          ? categories.get((int) number)
          : null;
    }
  }
}
