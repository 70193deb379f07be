package dev.mlops4j.registry;

/**
 * Says who acts, for the history: a service asks its login, a job its configuration. Handed to
 * {@link Registry#actingAs}. Safe for any number of threads.
 *
 * <pre>{@code
 * Registry mine = registry.actingAs(() -> securityContext.user().name());
 * }</pre>
 */
@FunctionalInterface
public interface ActorSource {

  /** Who started this process, as the operating system says. */
  ActorSource SYSTEM_USER =
      () -> {
        String user = System.getProperty("user.name", "");
        return user.isBlank() ? "unknown" : user;
      };

  /**
   * Who acts in the calling thread now. Asked once for each change, by the thread that makes it;
   * what it throws goes to the caller, and nothing is changed.
   *
   * @return not blank, at most 10,000 characters, without control characters
   */
  String actor();
}
