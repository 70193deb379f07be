package dev.mlops4j.feature;

import dev.mlops4j.data.ColumnType;
import dev.mlops4j.data.Dataset;
import dev.mlops4j.data.DatasetBuilder;
import dev.mlops4j.data.Field;
import dev.mlops4j.data.Schema;
import dev.mlops4j.data.Timestamps;
import dev.mlops4j.profile.DatasetProfile;
import java.util.ArrayList;
import java.util.List;

/** Summarises the events of a view, some at a time. */
final class ViewStatistics {

  private static final int BATCH_ROWS = 100_000;

  private final List<Field> fields = new ArrayList<>();
  private final int keys;
  private final Schema schema;
  private DatasetBuilder rows;
  private DatasetProfile profile;

  private ViewStatistics(FeatureView view) {
    fields.addAll(view.keys());
    fields.add(new Field(view.eventTime(), ColumnType.TIMESTAMP, true, false));
    fields.addAll(view.columns());
    this.keys = view.keys().size();
    this.schema =
        Schema.of(
            fields.stream()
                .filter(field -> !field.sensitive())
                .map(field -> new Field(field.name(), field.type(), false, false))
                .toList());
    this.rows = Dataset.builder(schema);
    this.profile = DatasetProfile.of(rows.build());
    this.rows = Dataset.builder(schema);
  }

  static DatasetProfile of(FeatureView view, History history) {
    ViewStatistics statistics = new ViewStatistics(view);
    history.forEachKey(view, (key, events) -> events.forEach(statistics::add));
    statistics.finishBatch();
    return statistics.profile;
  }

  private void add(FeatureEvent event) {
    List<Object> key = event.key().values();
    int position = 0;
    for (int i = 0; i < fields.size(); i++) {
      if (fields.get(i).sensitive()) {
        continue;
      }
      if (i < keys) {
        rows.set(position++, key.get(i));
      } else if (i == keys) {
        rows.set(position++, Timestamps.fromMicros(event.eventTime()));
      } else {
        rows.set(position++, event.values()[i - keys - 1]);
      }
    }
    rows.endRow();
    if (rows.rowCount() == BATCH_ROWS) {
      finishBatch();
    }
  }

  private void finishBatch() {
    profile = profile.merge(DatasetProfile.of(rows.build()));
    rows = Dataset.builder(schema);
  }
}
