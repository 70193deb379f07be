package dev.mlops4j.registry;

import java.time.Instant;
import java.util.List;
import java.util.Objects;
import org.jspecify.annotations.Nullable;

/**
 * A change of an alias that is being prepared; {@link #commit()} does it. Not safe for use by
 * several threads.
 *
 * <pre>{@code
 * registry.alias("flight-delay", "champion").to(version).expecting(null).because("first").commit();
 * }</pre>
 */
public final class AliasAssignment {

  private final Registry registry;
  private final String model;
  private final String alias;
  private boolean targetStated;
  private @Nullable ModelVersion to;
  private boolean expectationStated;
  private boolean expectationHolds;
  private @Nullable ModelVersion expected;
  private @Nullable String reason;
  private @Nullable String by;
  private boolean forced;

  AliasAssignment(Registry registry, String model, String alias) {
    this.registry = registry;
    this.model = model;
    this.alias = alias;
  }

  /**
   * The version to point to.
   *
   * @throws IllegalArgumentException if it is a version of another model
   */
  public AliasAssignment to(ModelVersion version) {
    this.to = checkModel("to(...)", version);
    this.targetStated = true;
    return this;
  }

  /** Removes the alias. */
  public AliasAssignment toNothing() {
    this.to = null;
    this.targetStated = true;
    return this;
  }

  /**
   * Does it only if the alias points to this version.
   *
   * @param current the version expected; null if the alias is expected not to be there
   * @throws IllegalArgumentException if it is a version of another model
   */
  public AliasAssignment expecting(@Nullable ModelVersion current) {
    this.expected = current == null ? null : checkModel("expecting(...)", current);
    this.expectationStated = true;
    this.expectationHolds = true;
    return this;
  }

  /** Does it whatever the alias points to. */
  public AliasAssignment expectingAnything() {
    this.expectationStated = true;
    this.expectationHolds = false;
    return this;
  }

  /** Why, for the history. */
  public AliasAssignment because(String why) {
    this.reason = Names.checkText("the reason", why);
    return this;
  }

  /** Who does it, for the history; who the registry acts as unless stated. */
  public AliasAssignment by(String who) {
    this.by = Names.checkText("who changes the alias", who);
    return this;
  }

  /** Does it even if a live follower of the alias cannot load the version. */
  public AliasAssignment force() {
    this.forced = true;
    return this;
  }

  /**
   * Changes the alias and appends to the history, in one transaction. Pointing it to where it
   * points changes nothing. On an exception nothing has changed.
   *
   * @throws IllegalStateException if the target, the expectation or the reason was not stated
   * @throws AliasConflictException if the alias does not point to the version expected
   * @throws FollowerCannotLoadException if a live follower of the alias could not load the version
   * @throws NoSuchModelException if there is no such model
   * @throws NoSuchModelVersionException if the registry does not have the version to point to
   */
  public void commit() {
    String why = reason;
    if (!targetStated || !expectationStated || why == null) {
      throw new IllegalStateException(
          "a change of an alias needs to(version) or toNothing(), expecting(version or null) or"
              + " expectingAnything(), and because(reason) before commit()");
    }
    String who = registry.actor(by);
    registry.changes().append(model, (count, at) -> decide(why, who, count, at));
  }

  private List<HistoryEntry> decide(String why, String who, long count, Instant at) {
    Integer found = registry.aliases(model).get(alias);
    Integer wanted = number(to);
    if (expectationHolds && !Objects.equals(found, number(expected))) {
      throw new AliasConflictException(model, alias, number(expected), found);
    }
    if (wanted != null) {
      ModelVersion version = registry.version(model, wanted);
      if (!forced && !wanted.equals(found)) {
        registry.requireLoadable(version, Followed.alias(alias));
      }
    }
    return Objects.equals(found, wanted)
        ? List.of()
        : List.of(new AliasChange(model, count + 1, alias, found, wanted, at, who, why));
  }

  private ModelVersion checkModel(String call, ModelVersion version) {
    if (!version.model().equals(model)) {
      throw new IllegalArgumentException(
          call + " takes a version of \"" + model + "\", found " + version.label());
    }
    return version;
  }

  private static @Nullable Integer number(@Nullable ModelVersion version) {
    return version == null ? null : version.number();
  }
}
