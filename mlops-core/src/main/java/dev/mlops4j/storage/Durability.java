package dev.mlops4j.storage;

/** What a power failure may take back. A process that dies never loses a committed transaction. */
public enum Durability {
  /** Nothing: a transaction is on the disk when the call returns. */
  FULL,
  /** The last transactions, as a whole and in order; the database stays sound. Much faster. */
  NORMAL
}
