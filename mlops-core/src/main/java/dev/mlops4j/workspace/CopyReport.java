package dev.mlops4j.workspace;

import dev.mlops4j.storage.CopiedTable;
import java.util.List;

/**
 * What a {@link WorkspaceCopy} copied.
 *
 * @param tables all tables, with the digests that both sides have
 * @param artifacts how many artifacts the target has of the source's, each verified
 * @param bytes their size
 */
public record CopyReport(List<CopiedTable> tables, long artifacts, long bytes) {

  /** Copies the list. */
  public CopyReport {
    tables = List.copyOf(tables);
  }

  /** How many rows all tables have together. */
  public long rows() {
    return tables.stream().mapToLong(CopiedTable::rows).sum();
  }
}
