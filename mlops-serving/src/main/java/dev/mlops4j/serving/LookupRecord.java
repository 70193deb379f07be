package dev.mlops4j.serving;

import dev.mlops4j.model.ServedLookup;
import java.util.List;
import java.util.function.Consumer;

/**
 * What the lookups of one prediction found, for a listener that wants it. If several arms tried, it
 * is of the last one, which answered. Made by the caller's thread, filled by the one that answers,
 * read by the caller's when that is over.
 */
final class LookupRecord implements Consumer<List<ServedLookup>> {

  private List<ServedLookup> lookups = List.of();

  @Override
  public void accept(List<ServedLookup> found) {
    lookups = found;
  }

  List<ServedLookup> lookups() {
    return lookups;
  }
}
