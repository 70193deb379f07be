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

  Rollback(Registry registry, String model) {
    this.registry = registry;
    this.model = model;
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
   * @throws NothingToRollBackToException if no version served before the present one
   * @throws FollowerCannotLoadException if a live follower could not load the version it goes to
   * @throws NoSuchModelException if there is no such model
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
        refusals.stream().map(refusal -> "followers: " + refusal).toList());
    return entries;
  }
}
