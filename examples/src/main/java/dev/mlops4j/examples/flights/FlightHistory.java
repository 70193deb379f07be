package dev.mlops4j.examples.flights;

import dev.mlops4j.registry.HistoryEntry;
import dev.mlops4j.registry.StageChange;
import dev.mlops4j.report.TextTable;
import java.util.List;
import java.util.Locale;

/** A registry's history as a table. */
final class FlightHistory {

  private FlightHistory() {}

  static TextTable of(List<HistoryEntry> history) {
    TextTable.Builder table =
        TextTable.builder()
            .right("version")
            .left("from")
            .left("to")
            .left("by")
            .left("how")
            .left("because");
    for (HistoryEntry entry : history) {
      if (entry instanceof StageChange change) {
        table.row(
            change.version(),
            change.from().name(),
            change.to().name(),
            change.by(),
            change.cause().name().toLowerCase(Locale.ROOT),
            change.reason());
      }
    }
    return table.build();
  }
}
