package dev.mlops4j.s3;

import dev.mlops4j.storage.StorageException;
import org.jspecify.annotations.Nullable;

/** A bucket could not be read or written. The message says which, and what to do. */
public final class S3StorageException extends StorageException {

  private static final long serialVersionUID = 1L;

  private final Problem problem;
  private final String bucket;
  private final @Nullable String key;

  S3StorageException(
      Problem problem,
      String bucket,
      @Nullable String key,
      String message,
      @Nullable Throwable cause) {
    super(message, cause);
    this.problem = problem;
    this.bucket = bucket;
    this.key = key;
  }

  /** What is wrong. */
  public Problem problem() {
    return problem;
  }

  /** The bucket that was asked. */
  public String bucket() {
    return bucket;
  }

  /** The object that was asked for; null if it was not about one alone. */
  public @Nullable String key() {
    return key;
  }

  /** What can be wrong with a bucket. */
  public enum Problem {
    /** There is no bucket of this name. */
    NO_SUCH_BUCKET,
    /** The credentials are none, wrong, or not allowed to read this. */
    ACCESS_DENIED,
    /** No answer came, from the host that was named or because none was. */
    UNREACHABLE,
    /** The server answered that it cannot do it now, each time that it was asked. */
    UNAVAILABLE,
    /** Something else, which the message has in the server's words. */
    OTHER
  }
}
