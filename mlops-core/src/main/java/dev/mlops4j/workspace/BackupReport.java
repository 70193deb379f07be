package dev.mlops4j.workspace;

import dev.mlops4j.Digest;
import java.util.List;

/**
 * What a {@link WorkspaceBackup} has.
 *
 * @param artifacts how many artifacts
 * @param bytes their size
 * @param missing artifacts to which something in the backup refers and that the workspace itself
 *     has lost, or has damaged as far as that was seen; empty if all is well
 */
public record BackupReport(long artifacts, long bytes, List<Digest> missing) {

  /** Copies the list. */
  public BackupReport {
    missing = List.copyOf(missing);
  }
}
