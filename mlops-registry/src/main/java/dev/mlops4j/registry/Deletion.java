package dev.mlops4j.registry;

import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * A deletion of a version that is being prepared; {@link #commit()} does it. Not safe for use by
 * several threads.
 */
public final class Deletion {

  private final Registry registry;
  private final ModelVersion version;
  private @Nullable String reason;
  private @Nullable String by;

  Deletion(Registry registry, ModelVersion version) {
    this.registry = registry;
    this.version = version;
  }

  /** Why, for the history. */
  public Deletion because(String why) {
    this.reason = Names.checkText("the reason", why);
    return this;
  }

  /** Who does it, for the history; who the registry acts as unless stated. */
  public Deletion by(String who) {
    this.by = Names.checkText("who deletes", who);
    return this;
  }

  /**
   * Deletes the version: it is not listed, promoted or rolled back to any more. Its number is not
   * given again, its history stays, and so does its package among the artifacts until these are
   * swept. On an exception nothing has changed.
   *
   * @throws IllegalStateException if no reason was stated
   * @throws VersionInUseException if the version is in PRODUCTION, an alias points to it, or a live
   *     follower has it loaded
   * @throws NoSuchModelVersionException if the registry does not have the version
   * @throws IllegalArgumentException if the version comes from another registry, which has another
   *     package under its number
   */
  public void commit() {
    String why = reason;
    if (why == null) {
      throw new IllegalStateException("a deletion needs because(reason) before commit()");
    }
    String who = registry.actor(by);
    registry.changes().append(version.model(), (count, at) -> decide(why, who, count, at));
  }

  private List<HistoryEntry> decide(String why, String who, long count, Instant at) {
    ModelVersion found = registry.version(version.model(), version.number());
    version.requireSamePackage(found);
    List<String> uses = uses(found);
    if (!uses.isEmpty()) {
      throw new VersionInUseException(found, uses);
    }
    return List.of(
        new VersionDeletion(found.model(), count + 1, found.number(), found.stage(), at, who, why));
  }

  private List<String> uses(ModelVersion found) {
    List<String> uses = new ArrayList<>();
    if (found.stage() == Stage.PRODUCTION) {
      uses.add("it is in PRODUCTION");
    }
    registry
        .aliases(found.model())
        .forEach(
            (alias, number) -> {
              if (number == found.number()) {
                uses.add("the alias \"" + alias + "\" points to it");
              }
            });
    for (FollowerRecord follower : registry.followers(found.model())) {
      Integer loaded = follower.loaded();
      if (loaded != null && loaded == found.number()) {
        uses.add("follower \"" + follower.name() + "\" (" + follower.process() + ") serves it");
      }
    }
    return uses;
  }
}
