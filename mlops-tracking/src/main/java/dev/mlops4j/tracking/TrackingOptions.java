package dev.mlops4j.tracking;

import java.util.ArrayList;
import java.util.List;
import java.util.SortedSet;
import java.util.TreeSet;
import java.util.regex.Pattern;

/**
 * How a {@link Tracking} behaves beyond the usual. Immutable.
 *
 * <pre>{@code
 * Tracking tracking = Tracking.in(workspace,
 *     TrackingOptions.builder().maskNames("iban").variables("OMP_NUM_THREADS").killOnShutdown()
 *         .build());
 * }</pre>
 */
public final class TrackingOptions {

  /** Nothing beyond the usual. */
  public static final TrackingOptions DEFAULT = builder().build();

  private final CommandMask mask;
  private final SortedSet<String> variables;
  private final boolean killsOnShutdown;

  private TrackingOptions(Builder builder) {
    this.mask = new CommandMask(builder.names, builder.patterns);
    this.variables = new TreeSet<>(builder.variables);
    this.killsOnShutdown = builder.killsOnShutdown;
  }

  /** Options to be stated. */
  public static Builder builder() {
    return new Builder();
  }

  CommandMask mask() {
    return mask;
  }

  Iterable<String> variables() {
    return variables;
  }

  boolean killsOnShutdown() {
    return killsOnShutdown;
  }

  /** Takes the options. Not for several threads. */
  public static final class Builder {

    private final List<String> names = new ArrayList<>();
    private final List<Pattern> patterns = new ArrayList<>();
    private final List<String> variables = new ArrayList<>();
    private boolean killsOnShutdown;

    private Builder() {}

    /**
     * Masks the values of arguments and environment variables that have one of these words in their
     * name, in any case, beside those masked always: password, passwd, passphrase, pwd, secret,
     * token, credential, authorization, and key where it is the last word, as in {@code
     * signing-key}. A value is masked in doubt.
     *
     * @throws IllegalArgumentException if one is blank
     */
    public Builder maskNames(String... words) {
      for (String word : words) {
        if (word.isBlank()) {
          throw new IllegalArgumentException(
              "a word in names of secrets must not be blank: it would mask every value");
        }
        names.add(word);
      }
      return this;
    }

    /**
     * Masks whatever is of one of these forms in the command and in environment variables.
     *
     * @throws IllegalArgumentException if one is of the form of an empty text
     */
    public Builder maskPatterns(Pattern... forms) {
      for (Pattern form : forms) {
        if (form.matcher("").matches()) {
          throw new IllegalArgumentException(
              "the form of a secret \"" + form + "\" must not be that of an empty text");
        }
        patterns.add(form);
      }
      return this;
    }

    /**
     * Records these environment variables with each run, as {@code variable NAME}, if they are set.
     * None are recorded otherwise.
     *
     * @throws IllegalArgumentException if a name is blank
     */
    public Builder variables(String... names) {
      for (String name : names) {
        if (name.isBlank()) {
          throw new IllegalArgumentException("the name of an environment variable is blank");
        }
        variables.add(name);
      }
      return this;
    }

    /**
     * When the JVM shuts down orderly (its main thread ends, {@code System.exit}, SIGTERM, Ctrl-C),
     * flushes the open runs and ends them KILLED, in a shutdown hook. Otherwise they are seen to be
     * ABANDONED, without the metrics of the last second.
     */
    public Builder killOnShutdown() {
      killsOnShutdown = true;
      return this;
    }

    /** The options. */
    public TrackingOptions build() {
      return new TrackingOptions(this);
    }
  }
}
