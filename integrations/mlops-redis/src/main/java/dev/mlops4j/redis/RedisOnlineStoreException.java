package dev.mlops4j.redis;

import dev.mlops4j.MlopsException;
import org.jspecify.annotations.Nullable;

/** Redis could not be reached, did not answer in time, or refused what it was asked. */
public final class RedisOnlineStoreException extends MlopsException {

  private static final long serialVersionUID = 1L;

  private final String server;

  RedisOnlineStoreException(
      String server, String asked, String found, String toDo, @Nullable Throwable cause) {
    super("asked Redis at " + server + " to " + asked + ": " + found + "; " + toDo, cause);
    this.server = server;
  }

  /** The server as host and port, without credentials, as far as it is known. */
  public String server() {
    return server;
  }
}
