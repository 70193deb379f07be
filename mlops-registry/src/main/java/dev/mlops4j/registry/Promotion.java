package dev.mlops4j.registry;

import dev.mlops4j.registry.GatesFailedException.Failure;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Set;
import java.util.stream.Collectors;
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
  private @Nullable String by;
  private boolean forced;
  private final List<Gate> gates = new ArrayList<>();
  private @Nullable String override;

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

  /** Who does it, for the history; who the registry acts as unless stated. */
  public Promotion by(String who) {
    this.by = Names.checkText("who promotes", who);
    return this;
  }

  /**
   * Does it even if a live follower of the stage cannot load the version; the history then says
   * which could not.
   */
  public Promotion force() {
    this.forced = true;
    return this;
  }

  /** Gates that the version must pass, besides those of {@link Registry#withGates}. */
  public Promotion through(Gate... more) {
    gates.addAll(List.of(more));
    return this;
  }

  /**
   * Does it even if the version does not pass the gates, or some that the model requires are
   * lacking. Those that there are are asked all the same, and the history says what failed or was
   * lacking, and why that was overridden.
   */
  public Promotion overridingGates(String why) {
    this.override = Names.checkText("the reason of an override", why);
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
   * @throws GatesFailedException if the version does not pass the gates, or PRODUCTION {@linkplain
   *     Registry#requireGates requires} some that were not asked; it lists all of these, and the
   *     live followers that could not load the version
   * @throws FollowerCannotLoadException if it passes the gates, and a live follower of the stage
   *     could not load it
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
    String who = registry.actor(by);
    registry.changes().append(version.model(), (count, at) -> decide(stage, why, who, count, at));
    return version.in(stage);
  }

  private List<HistoryEntry> decide(Stage stage, String why, String who, long count, Instant at) {
    ModelVersion promoted = registry.version(version.model(), version.number());
    version.requireSamePackage(promoted);
    ModelVersion current = registry.currentIn(version.model(), stage);
    if (expected != null && current != null && expected.isSameAs(current)) {
      expected.requireSamePackage(current);
    }
    if (expectationStated && expectationHolds && !same(expected, current)) {
      throw StageConflictException.promotion(promoted, stage, expected, current);
    }
    List<HistoryEntry> entries = new ArrayList<>();
    if (promoted.isSameAs(current)) {
      return entries;
    }
    List<Gate> asked = new ArrayList<>(registry.gatesOf(stage));
    asked.addAll(gates);
    List<String> overridden = overridden(asked, promoted, stage, current);
    StageChanges changes =
        new StageChanges(entries, count, StageChange.Cause.PROMOTION, at, who, why);
    if (stage == Stage.PRODUCTION && current != null) {
      changes.displace(current);
    }
    changes.add(promoted, stage, overridden, asked.stream().map(Gate::name).toList());
    return entries;
  }

  /** What would refuse the promotion and was overridden; throws what was not. */
  private List<String> overridden(
      List<Gate> asked, ModelVersion promoted, Stage stage, @Nullable ModelVersion current) {
    List<Failure> failed = failures(asked, new Candidate(registry, promoted, stage, current));
    failed.addAll(lacking(asked, stage));
    List<FollowerCannotLoadException.Refusal> refusals =
        registry.refusals(promoted, Followed.stage(stage));
    List<Failure> followers =
        refusals.stream().map(refusal -> new Failure("followers", refusal.toString())).toList();
    if (!failed.isEmpty() && override == null) {
      List<Failure> together = new ArrayList<>(failed);
      together.addAll(forced ? List.of() : followers);
      throw new GatesFailedException(promoted, stage, together);
    }
    if (!refusals.isEmpty() && !forced) {
      throw new FollowerCannotLoadException(promoted, Followed.stage(stage), refusals);
    }
    List<String> overridden = new ArrayList<>();
    failed.forEach(failure -> overridden.add(failure.toString()));
    if (!failed.isEmpty()) {
      overridden.add("reason of the override: " + override);
    }
    followers.forEach(failure -> overridden.add(failure.toString()));
    return overridden;
  }

  private static List<Failure> failures(List<Gate> gates, Candidate candidate) {
    List<Failure> failures = new ArrayList<>();
    for (Gate gate : gates) {
      try {
        gate.whyNot(candidate).ifPresent(why -> failures.add(new Failure(gate.name(), why)));
      } catch (RuntimeException e) {
        failures.add(
            new Failure(gate.name(), e.getMessage() == null ? e.toString() : e.getMessage()));
      }
    }
    return failures;
  }

  /** The gates that the model requires and nobody asked. */
  private List<Failure> lacking(List<Gate> asked, Stage stage) {
    if (stage != Stage.PRODUCTION) {
      return List.of();
    }
    Set<String> names = asked.stream().map(Gate::name).collect(Collectors.toSet());
    return registry.requiredGates(version.model()).stream()
        .filter(required -> !names.contains(required))
        .map(required -> new Failure(required, "the model requires this gate, it was not asked"))
        .toList();
  }

  private static boolean same(@Nullable ModelVersion a, @Nullable ModelVersion b) {
    return a == null ? b == null : a.isSameAs(b);
  }

  private static <V> V required(String call, @Nullable V value) {
    if (value == null) {
      throw new IllegalStateException("a promotion needs " + call + " before commit()");
    }
    return value;
  }
}
