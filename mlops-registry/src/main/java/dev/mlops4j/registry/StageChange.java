package dev.mlops4j.registry;

import dev.mlops4j.data.Timestamps;
import java.time.Instant;
import java.util.List;
import java.util.regex.Pattern;
import org.jspecify.annotations.Nullable;

/**
 * A version went from one stage to another. A promotion to PRODUCTION that displaces a version is
 * two of them at the same time: the one that goes first, then the one that comes.
 *
 * @param version the version's number
 * @param cause what moved it
 * @param overridden what would have refused the change, had it not been overridden: gates and
 *     followers, a line each; empty as a rule
 * @param gates the names of the gates that a promotion asked, in their order, whether they were
 *     passed or overridden; empty if it asked none. Null where none is ever asked, of a rollback
 *     and of the version that makes place; and of what a library wrote that did not record them
 */
public record StageChange(
    String model,
    long sequence,
    int version,
    Stage from,
    Stage to,
    Cause cause,
    Instant at,
    String by,
    String reason,
    List<String> overridden,
    @Nullable List<String> gates)
    implements HistoryEntry {

  private static final Pattern LINE_BREAKS = Pattern.compile("\\R");

  /**
   * Cuts the time to microseconds, the precision in which it is stored, and makes one line of each
   * refusal and of each gate's name.
   */
  public StageChange {
    at = Timestamps.fromMicros(Timestamps.toMicros(at));
    overridden = lines(overridden);
    gates = gates == null ? null : lines(gates);
  }

  private static List<String> lines(List<String> texts) {
    return texts.stream().map(text -> LINE_BREAKS.matcher(text).replaceAll(" ")).toList();
  }

  /** A change that overrode nothing, and of whose gates nothing is known. */
  public StageChange(
      String model,
      long sequence,
      int version,
      Stage from,
      Stage to,
      Cause cause,
      Instant at,
      String by,
      String reason) {
    this(model, sequence, version, from, to, cause, at, by, reason, List.of(), null);
  }

  /**
   * The gates that were asked and what was overridden, for people: empty, or in parentheses with a
   * space before, such as {@code (gates: size) (overriding: size: ...)}.
   */
  public String checks() {
    String asked = "";
    if (gates != null && (to == Stage.PRODUCTION || !gates.isEmpty())) {
      asked = " (gates: " + (gates.isEmpty() ? "none" : String.join(", ", gates)) + ")";
    }
    return asked
        + (overridden.isEmpty() ? "" : " (overriding: " + String.join("; ", overridden) + ")");
  }

  @Override
  public String describe() {
    return at
        + " version "
        + version
        + " "
        + from
        + " -> "
        + to
        + (cause == Cause.ROLLBACK ? " (rollback)" : "")
        + " by "
        + by
        + ": "
        + reason
        + checks();
  }

  /** What moves a version. */
  public enum Cause {
    /** {@link Registry#promote}. */
    PROMOTION,
    /** {@link Registry#rollback(String)}. */
    ROLLBACK
  }
}
