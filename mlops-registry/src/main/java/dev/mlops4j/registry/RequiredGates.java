package dev.mlops4j.registry;

import java.time.Instant;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * A change of the gates that promotions of a model to PRODUCTION must ask; {@link #commit()} makes
 * it. Not safe for use by several threads.
 *
 * <pre>{@code
 * registry.requireGates("flight-delay", "golden rows", "size").because("release policy").commit();
 * }</pre>
 */
public final class RequiredGates {

  private final Registry registry;
  private final String model;
  private final List<String> names;
  private @Nullable String reason;
  private @Nullable String by;

  RequiredGates(Registry registry, String model, List<String> names) {
    this.registry = registry;
    this.model = model;
    this.names = names;
  }

  /** Why, for the history. */
  public RequiredGates because(String why) {
    this.reason = Names.checkText("the reason", why);
    return this;
  }

  /** Who does it, for the history; who the registry acts as unless stated. */
  public RequiredGates by(String who) {
    this.by = Names.checkText("who requires gates", who);
    return this;
  }

  /**
   * Requires these gates in place of those before, from the next promotion on; what is in
   * PRODUCTION stays there. If they are required already, nothing changes. On an exception nothing
   * has changed.
   *
   * @throws IllegalStateException if no reason was stated
   * @throws NoSuchModelException if there is no such model
   */
  public void commit() {
    String why = reason;
    if (why == null) {
      throw new IllegalStateException("required gates need because(reason) before commit()");
    }
    String who = registry.actor(by);
    registry.changes().append(model, (count, at) -> decide(why, who, count, at));
  }

  private List<HistoryEntry> decide(String why, String who, long count, Instant at) {
    GateRequirement next = new GateRequirement(model, count + 1, names, at, who, why);
    return next.gates().equals(registry.requiredGates(model)) ? List.of() : List.of(next);
  }
}
