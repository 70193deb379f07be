package dev.mlops4j.registry;

import java.time.Instant;

/**
 * One line of a model's history, which is only ever appended to.
 *
 * <p>The entries of a model are numbered 1, 2, 3 and so on, and their times never go back: a change
 * made by a process whose clock is behind gets the time of the entry before it.
 */
public sealed interface HistoryEntry
    permits StageChange, AliasChange, VersionDeletion, GateRequirement {

  /** The model's name. */
  String model();

  /** The entry's number within the model's history. */
  long sequence();

  /** When it happened. */
  Instant at();

  /** Who did it. */
  String by();

  /** Why. */
  String reason();

  /** What happened, when, by whom and why, in one line for people. */
  String describe();
}
