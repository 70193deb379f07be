package dev.mlops4j.registry;

import dev.mlops4j.report.Printable;
import dev.mlops4j.report.TextTable;
import java.util.ArrayList;
import java.util.List;
import java.util.SortedMap;
import org.jspecify.annotations.Nullable;

/**
 * What serves now: the version in PRODUCTION, and what the live followers say that they have
 * loaded. Immutable.
 *
 * @param model the model's name
 * @param production the version in PRODUCTION, or null
 * @param followers those that live, with what they follow, what should be there and what they have
 */
public record ServingState(
    String model, @Nullable ModelVersion production, List<Serving> followers) {

  /** Copies the list. */
  public ServingState {
    followers = List.copyOf(followers);
  }

  static ServingState of(
      RegistryStore store,
      @Nullable ModelVersion production,
      String model,
      List<FollowerRecord> followers) {
    SortedMap<String, Integer> aliases = store.aliases(model);
    List<Serving> serving = new ArrayList<>();
    for (FollowerRecord follower : followers) {
      Stage stage = follower.followed().stage();
      serving.add(
          new Serving(
              follower,
              stage == null
                  ? aliases.get(follower.followed().alias())
                  : store.currentIn(model, stage).map(ModelVersion::number).orElse(null)));
    }
    return new ServingState(model, production, serving);
  }

  /** The followers that have not loaded what is where they follow. */
  public List<Serving> lagging() {
    return followers.stream().filter(follower -> !follower.isUpToDate()).toList();
  }

  /** Whether every live follower has loaded what it follows. */
  public boolean isSettled() {
    return lagging().isEmpty();
  }

  /** A table for terminals and logs: a line a follower. */
  public String toText() {
    if (followers.isEmpty()) {
      return "no live follower";
    }
    TextTable.Builder table =
        TextTable.builder()
            .left("follower")
            .left("process")
            .left("follows")
            .right("there")
            .right("loaded");
    for (Serving serving : followers) {
      FollowerRecord follower = serving.follower();
      table.row(
          Printable.of(follower.name()),
          Printable.of(follower.process().toString()),
          follower.followed(),
          serving.there(),
          follower.loaded());
    }
    return table.build().toString();
  }

  /**
   * A live follower.
   *
   * @param follower as the registry knows it; {@link FollowerRecord#loaded} is what it answers with
   * @param there the number of the version that is where it follows, or null
   */
  public record Serving(FollowerRecord follower, @Nullable Integer there) {

    /** Whether it has loaded what is there. */
    public boolean isUpToDate() {
      Integer loaded = follower.loaded();
      return loaded == null ? there == null : loaded.equals(there);
    }
  }
}
