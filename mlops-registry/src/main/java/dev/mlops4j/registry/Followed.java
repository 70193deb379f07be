package dev.mlops4j.registry;

import org.jspecify.annotations.Nullable;

/**
 * What a follower follows: a stage or an alias of its model. Immutable.
 *
 * @param stage the stage, or null if it is an alias
 * @param alias the alias, or null if it is a stage
 */
public record Followed(@Nullable Stage stage, @Nullable String alias) {

  /**
   * Checks that there is exactly one.
   *
   * @throws IllegalArgumentException if there are both or none
   */
  public Followed {
    if ((stage == null) == (alias == null)) {
      throw new IllegalArgumentException("a follower follows either a stage or an alias");
    }
  }

  /** A stage. */
  public static Followed stage(Stage stage) {
    return new Followed(stage, null);
  }

  /** An alias. */
  public static Followed alias(String alias) {
    return new Followed(null, alias);
  }

  /** For people: {@code stage PRODUCTION}, {@code alias "champion"}. */
  @Override
  public String toString() {
    return stage == null ? "alias \"" + alias + "\"" : "stage " + stage;
  }
}
