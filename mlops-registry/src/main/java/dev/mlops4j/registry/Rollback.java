package dev.mlops4j.registry;

import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * A rollback that is being prepared; {@link #commit()} does it. Not safe for use by several
 * threads. {@link Registry#rollback(String, String)} is the short form.
 */
public final class Rollback {

  private final Registry registry;
  private final String model;
  private @Nullable String reason;
  private @Nullable String by;
  private boolean forced;
  private boolean expectationStated;
  private @Nullable ModelVersion expected;

  Rollback(Registry registry, String model) {
    this.registry = registry;
    this.model = model;
  }

  /**
   * Does it only if this version is in PRODUCTION: of two people who want it gone at the same time,
   * the second one does not go back a version further.
   *
   * @param current the version expected; null if none is
   * @throws IllegalArgumentException if it is a version of another model
   */
  public Rollback expecting(@Nullable ModelVersion current) {
    if (current != null && !current.model().equals(model)) {
      throw new IllegalArgumentException(
          "expecting(...) takes a version of \"" + model + "\" or null, found " + current.label());
    }
    this.expectationStated = true;
    this.expected = current;
    return this;
  }

  /** Why, for the history. */
  public Rollback because(String why) {
    this.reason = Names.checkText("the reason", why);
    return this;
  }

  /** Who does it, for the history; who the registry acts as unless stated. */
  public Rollback by(String who) {
    this.by = Names.checkText("who rolls back", who);
    return this;
  }

  /**
   * Does it even if a live follower of PRODUCTION cannot load the version it goes to; the history
   * then says which could not.
   */
  public Rollback force() {
    this.forced = true;
    return this;
  }

  /**
   * Rolls back, as {@link Registry#rollback(String, String)} says. On an exception nothing has
   * changed.
   *
   * @return the version that serves now
   * @throws IllegalStateException if no reason was stated
   * @throws StageConflictException if PRODUCTION does not hold the version expected
   * @throws NothingToRollBackToException if no version served before the present one
   * @throws FollowerCannotLoadException if a live follower could not load the version it goes to
   * @throws NoSuchModelException if there is no such model
   * @throws IllegalArgumentException if the version expected comes from another registry, which has
   *     another package under its number
   */
  public ModelVersion commit() {
    String why = reason;
    if (why == null) {
      throw new IllegalStateException("a rollback needs because(reason) before commit()");
    }
    String who = registry.actor(by);
    List<ModelVersion> target = new ArrayList<>(1);
    registry
        .changes()
        .append(
            model,
            (count, at) -> {
              target.clear();
              return decide(why, who, count, at, target);
            });
    return target.get(0).in(Stage.PRODUCTION);
  }

  private List<HistoryEntry> decide(
      String why, String who, long count, Instant at, List<ModelVersion> targetFound) {
    ModelVersion present = registry.production(model);
    if (expectationStated) {
      requireExpected(present);
    }
    Integer number = ServingHistory.of(registry.history(model)).target();
    if (number == null) {
      throw new NothingToRollBackToException(model, present);
    }
    ModelVersion target = registry.version(model, number);
    Followed production = Followed.stage(Stage.PRODUCTION);
    List<FollowerCannotLoadException.Refusal> refusals = registry.refusals(target, production);
    if (!refusals.isEmpty() && !forced) {
      throw new FollowerCannotLoadException(target, production, refusals);
    }
    targetFound.add(target);
    List<HistoryEntry> entries = new ArrayList<>();
    StageChanges changes =
        new StageChanges(entries, count, StageChange.Cause.ROLLBACK, at, who, why);
    if (present != null) {
      changes.displace(present);
    }
    changes.add(
        target,
        Stage.PRODUCTION,
        refusals.stream().map(refusal -> "followers: " + refusal).toList(),
        null);
    return entries;
  }

  private void requireExpected(@Nullable ModelVersion present) {
    boolean asExpected = expected == null ? present == null : expected.isSameAs(present);
    if (!asExpected) {
      throw StageConflictException.rollback(model, expected, present);
    }
    if (expected != null && present != null) {
      expected.requireSamePackage(present);
    }
  }
}
