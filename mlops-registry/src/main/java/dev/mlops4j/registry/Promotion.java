package dev.mlops4j.registry;

import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * A promotion that is being prepared; {@link #commit()} does it. Not safe for use by several
 * threads.
 *
 * <pre>{@code
 * registry.promote(version)
 *     .to(Stage.PRODUCTION)
 *     .expecting(registry.production("flight-delay"))
 *     .because("beats the champion by 0.01 AUC")
 *     .commit();
 * }</pre>
 */
public final class Promotion {

  private final Registry registry;
  private final ModelVersion version;
  private @Nullable Stage to;
  private boolean expectationStated;
  private boolean expectationHolds = true;
  private @Nullable ModelVersion expected;
  private @Nullable String reason;
  private String by = Registry.systemUser();
  private boolean forced;

  Promotion(Registry registry, ModelVersion version) {
    this.registry = registry;
    this.version = version;
  }

  /**
   * The stage to go to: STAGING, PRODUCTION or ARCHIVED. The version that serves leaves PRODUCTION
   * when it goes elsewhere, and then no version serves until one is promoted or rolled back to.
   *
   * @throws IllegalArgumentException if it is NONE, which a version has left for good once it was
   *     promoted
   */
  public Promotion to(Stage stage) {
    if (stage == Stage.NONE) {
      throw new IllegalArgumentException(
          "a version cannot be promoted to NONE, found for "
              + version.label()
              + "; to take it out of use, promote it to ARCHIVED");
    }
    this.to = stage;
    return this;
  }

  /**
   * Does it only if this version is the one in the stage, as {@link Registry#currentIn} tells.
   *
   * @param current the version expected; null if none is
   * @throws IllegalArgumentException if it is a version of another model
   */
  public Promotion expecting(@Nullable ModelVersion current) {
    if (current != null && !current.model().equals(version.model())) {
      throw new IllegalArgumentException(
          "expecting(...) takes a version of \""
              + version.model()
              + "\" or null, found "
              + current.label());
    }
    this.expectationStated = true;
    this.expectationHolds = true;
    this.expected = current;
    return this;
  }

  /** Does it whatever is in the stage. */
  public Promotion expectingAnything() {
    this.expectationStated = true;
    this.expectationHolds = false;
    return this;
  }

  /** Why, for the history. */
  public Promotion because(String why) {
    this.reason = Names.checkText("the reason", why);
    return this;
  }

  /** Who does it, for the history; the operating system's user unless stated. */
  public Promotion by(String who) {
    this.by = Names.checkText("who promotes", who);
    return this;
  }

  /** Does it even if a live follower of the stage cannot load the version. */
  public Promotion force() {
    this.forced = true;
    return this;
  }

  /**
   * Promotes: in one transaction the version comes into the stage, the one it displaces from
   * PRODUCTION is archived, and the history is appended to. Promoting the version that is the
   * stage's current one already changes nothing. On an exception nothing has changed.
   *
   * @return the version in its new stage
   * @throws IllegalStateException if the stage, the reason, or for PRODUCTION the expectation was
   *     not stated
   * @throws StageConflictException if the stage does not hold the version expected
   * @throws FollowerCannotLoadException if a live follower of the stage could not load the version
   * @throws NoSuchModelVersionException if the registry does not have the version
   * @throws IllegalArgumentException if the version, or the one expected, comes from another
   *     registry, which has another package under its number
   */
  public ModelVersion commit() {
    Stage stage = required("to(stage)", to);
    String why = required("because(reason)", reason);
    if (stage == Stage.PRODUCTION && !expectationStated) {
      throw new IllegalStateException(
          "a promotion to PRODUCTION needs expecting(version or null), or expectingAnything()");
    }
    registry.changes().append(version.model(), (count, at) -> decide(stage, why, count, at));
    return version.in(stage);
  }

  private List<HistoryEntry> decide(Stage stage, String why, long count, Instant at) {
    ModelVersion promoted = registry.version(version.model(), version.number());
    checkOfThisRegistry(version, promoted);
    ModelVersion current = registry.currentIn(version.model(), stage);
    if (expected != null && current != null && expected.isSameAs(current)) {
      checkOfThisRegistry(expected, current);
    }
    if (expectationStated && expectationHolds && !same(expected, current)) {
      throw new StageConflictException(promoted, stage, number(expected), number(current));
    }
    List<HistoryEntry> entries = new ArrayList<>();
    if (promoted.isSameAs(current)) {
      return entries;
    }
    if (!forced) {
      registry.requireLoadable(promoted, Followed.stage(stage));
    }
    StageChanges changes =
        new StageChanges(entries, count, StageChange.Cause.PROMOTION, at, by, why);
    if (stage == Stage.PRODUCTION && current != null) {
      changes.add(current, Stage.ARCHIVED);
    }
    changes.add(promoted, stage);
    return entries;
  }

  /** A version of this name and number may come from another workspace. */
  private static void checkOfThisRegistry(ModelVersion given, ModelVersion found) {
    if (!given.packageDigest().equals(found.packageDigest())) {
      throw new IllegalArgumentException(
          given.label()
              + " with package "
              + given.packageDigest().shortHex()
              + " is not of this registry, where it has package "
              + found.packageDigest().shortHex()
              + "; take the version from the registry that promotes it");
    }
  }

  private static boolean same(@Nullable ModelVersion a, @Nullable ModelVersion b) {
    return a == null ? b == null : a.isSameAs(b);
  }

  private static @Nullable Integer number(@Nullable ModelVersion version) {
    return version == null ? null : version.number();
  }

  private static <V> V required(String call, @Nullable V value) {
    if (value == null) {
      throw new IllegalStateException("a promotion needs " + call + " before commit()");
    }
    return value;
  }
}
