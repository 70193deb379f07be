package dev.mlops4j.feature;

import dev.mlops4j.MlopsException;
import java.time.Duration;
import org.jspecify.annotations.Nullable;

/** A {@link GuardedLookup} had no answer in time. The key that was asked for is not told. */
public class LookupTimeoutException extends MlopsException {

  private static final long serialVersionUID = 1L;

  private final String view;
  private final Duration timeout;

  /**
   * Creates an exception for a lookup of this view.
   *
   * @param found what happened, as in {@code it was not answered in time}
   */
  public LookupTimeoutException(
      String view, Duration timeout, String found, @Nullable Throwable cause) {
    super(
        "view \""
            + view
            + "\": a lookup with a timeout of "
            + timeout
            + " has no answer: "
            + found
            + "; look whether the online store is slow or down, or allow more with timeout(...)",
        cause);
    this.view = view;
    this.timeout = timeout;
  }

  /** The name of the view. */
  public String view() {
    return view;
  }

  /** How long a lookup may take. */
  public Duration timeout() {
    return timeout;
  }
}
