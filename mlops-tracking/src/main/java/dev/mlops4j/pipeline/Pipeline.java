package dev.mlops4j.pipeline;

import dev.mlops4j.storage.Database;
import dev.mlops4j.workspace.Area;
import dev.mlops4j.workspace.Workspace;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Collection;
import java.util.LinkedHashMap;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.function.Function;
import org.jspecify.annotations.Nullable;

/**
 * Typed steps, each taking the outputs of earlier ones. Immutable, safe for any number of threads.
 *
 * <pre>{@code
 * Pipeline.Builder p = Pipeline.named("flight-delay");
 * Parameter<Integer> depth = p.parameter("depth", 6);
 * Step<Dataset> flights = p.step("ingest").gives(Outputs.dataset(), step -> Csv.read(file));
 * Step<ModelPackage> model = p.step("train").cached().from(flights, depth)
 *     .gives(Outputs.modelPackage(), (step, rows, d) -> train(rows, d));
 * PipelineRun run = p.build().in(workspace).run().orThrow();
 * }</pre>
 *
 * <p>A handle of a step exists only after the steps it depends on: there can be no cycle.
 */
public final class Pipeline {

  private static final int MAX_NAME_LENGTH = 200;

  private final String name;
  private final Map<String, Parameter<?>> parameters;
  private final Map<String, Step<?>> steps;
  private final boolean capturesLogs;

  private Pipeline(Builder builder) {
    this.name = builder.name;
    this.capturesLogs = builder.capturesLogs;
    this.parameters = new LinkedHashMap<>(builder.parameters);
    this.steps = new LinkedHashMap<>(builder.steps);
  }

  /**
   * Starts a pipeline.
   *
   * @param name also the experiment of its runs
   * @throws InvalidPipelineException if the name is blank, longer than 200 characters or has a
   *     control character
   */
  public static Builder named(String name) {
    return new Builder(checkName("the pipeline", name));
  }

  /**
   * Has the tables of pipelines made with the others, by {@link Database#migrate} or its scripts,
   * where that is not done by itself. Nothing is asked of the database.
   *
   * @param metadata the database of {@code Area.METADATA}
   */
  public static void declareTables(Database metadata) {
    JdbcStepCache unused = new JdbcStepCache(metadata);
  }

  /**
   * How many outputs the cache of a workspace has, of all pipelines, that were made so long ago.
   *
   * @param age by the workspace's system clock
   */
  public static long countOutputs(Workspace workspace, Duration age) {
    return new JdbcStepCache(workspace.database(Area.METADATA))
        .count(workspace.systemClock().instant().minus(age));
  }

  /**
   * Has the cache of a workspace forget the outputs, of all pipelines, that were made so long ago:
   * the steps are done again when they are asked for. The runs that made them keep theirs.
   *
   * @param age by the workspace's system clock
   * @return how many
   */
  public static long forgetOutputs(Workspace workspace, Duration age) {
    return new JdbcStepCache(workspace.database(Area.METADATA))
        .forget(workspace.systemClock().instant().minus(age));
  }

  /** Its name. */
  public String name() {
    return name;
  }

  /** Its parameters, in the order of their declaration. */
  public List<Parameter<?>> parameters() {
    return List.copyOf(parameters.values());
  }

  /** Its steps, each after those it depends on. */
  public List<Step<?>> steps() {
    return List.copyOf(steps.values());
  }

  /** Settings of a run in this workspace; nothing is done yet. */
  public PipelineLaunch in(Workspace workspace) {
    return new PipelineLaunch(this, workspace);
  }

  /**
   * The parameter of this name.
   *
   * @throws InvalidParameterException if there is none; the message lists those there are
   */
  Parameter<?> parameter(String asked) {
    Parameter<?> parameter = parameters.get(asked);
    if (parameter == null) {
      throw new InvalidParameterException(
          asked,
          "pipeline \""
              + name
              + "\" has no parameter \""
              + asked
              + "\"; it has "
              + parameters.keySet());
    }
    return parameter;
  }

  /**
   * The step of this name.
   *
   * @throws NoSuchStepException if there is none; the message lists those there are
   */
  Step<?> step(String asked) {
    Step<?> step = steps.get(asked);
    if (step == null) {
      throw new NoSuchStepException(name, asked, steps.keySet());
    }
    return step;
  }

  @Override
  public String toString() {
    return "pipeline \"" + name + "\" " + steps.keySet();
  }

  /** Whether steps' logs have what is logged elsewhere. */
  boolean capturesLogs() {
    return capturesLogs;
  }

  private static String checkName(String what, String name) {
    if (name.isBlank()
        || name.length() > MAX_NAME_LENGTH
        || name.chars().anyMatch(Character::isISOControl)) {
      throw new InvalidPipelineException(
          "the name of "
              + what
              + " has 1 to "
              + MAX_NAME_LENGTH
              + " characters, not all blank and none a control character, found \""
              + name.replaceAll("\\p{Cntrl}", "?")
              + "\"");
    }
    return name;
  }

  /** Collects parameters and steps. Not for several threads. */
  public static final class Builder {

    private final String name;
    private final Map<String, Parameter<?>> parameters = new LinkedHashMap<>();
    private final Map<String, Step<?>> steps = new LinkedHashMap<>();

    /** Names that were taken by steps whose declaration has begun. */
    private final Set<String> begun = new LinkedHashSet<>();

    private boolean capturesLogs = true;

    private Builder(String name) {
      this.name = name;
    }

    /**
     * Adds a parameter with a default, which says its type.
     *
     * @throws InvalidPipelineException if the name is taken, or the type is none of a parameter's
     */
    @SuppressWarnings("unchecked") // the class is that of the default
    public <T> Parameter<T> parameter(String parameter, T defaultValue) {
      return add(parameter, (Class<T>) ParameterText.typeOf(defaultValue), defaultValue);
    }

    /**
     * Adds a parameter that every run must be given.
     *
     * @throws InvalidPipelineException if the name is taken, or the type is none of a parameter's
     */
    public <T> Parameter<T> parameter(String parameter, Class<T> type) {
      return add(parameter, type, null);
    }

    /**
     * Adds a parameter that every run must be given and that is kept secret: a password, a token.
     * Of its value nothing is recorded, and keys of the cache do not depend on it, so that a new
     * password spoils nothing. A run that is resumed is given it again. What steps write of it, to
     * logs or outputs, is theirs to keep out; a process is best given it in its environment, as
     * arguments are seen by all users of a host.
     *
     * @throws InvalidPipelineException if the name is taken
     */
    public Parameter<String> secret(String parameter) {
      return add(new Parameter<>(checkName("a parameter", parameter), String.class, null, true));
    }

    /**
     * Begins a step.
     *
     * @throws InvalidPipelineException if the name is taken or not accepted
     */
    public StepBuilder step(String step) {
      return new StepBuilder(this, begin(step));
    }

    /**
     * Begins a step that does the same for each element of a list that is known when it runs.
     *
     * @param itemName gives the name of an element, unique in the list
     * @throws InvalidPipelineException if the name is taken or not accepted
     */
    public <F> ForEachBuilder<F> forEach(
        String step, Input<? extends List<F>> list, Function<? super F, String> itemName) {
      return new ForEachBuilder<>(this, begin(step), list, itemName);
    }

    /**
     * Begins a step that is an outside process.
     *
     * @throws InvalidPipelineException if the name is taken or not accepted
     */
    public ProcessStepBuilder process(String step) {
      return new ProcessStepBuilder(this, begin(step));
    }

    /**
     * The pipeline.
     *
     * @throws InvalidPipelineException if it has no step, or one that was begun and not declared
     */
    public Pipeline build() {
      Collection<String> open = new ArrayList<>(begun);
      open.removeAll(steps.keySet());
      if (!open.isEmpty()) {
        throw new InvalidPipelineException(
            "pipeline \""
                + name
                + "\" has steps that were begun and not declared with gives: "
                + open);
      }
      if (steps.isEmpty()) {
        throw new InvalidPipelineException("pipeline \"" + name + "\" has no step");
      }
      return new Pipeline(this);
    }

    <T> Step<T> add(Step<T> step) {
      if (steps.putIfAbsent(step.name(), step) != null) {
        throw taken(step.name());
      }
      return step;
    }

    void requireOwn(String step, Input<?> input) {
      boolean own =
          input instanceof Step<?> other
              ? other.belongsTo(this)
              : !(input instanceof Parameter<?> parameter)
                  || parameters.get(parameter.name()) == parameter;
      if (!own) {
        throw new InvalidPipelineException(
            "step \"" + step + "\" takes " + input + ", which is of another pipeline");
      }
    }

    private <T> Parameter<T> add(String parameter, Class<T> type, @Nullable T defaultValue) {
      return add(new Parameter<>(checkName("a parameter", parameter), type, defaultValue, false));
    }

    /**
     * Whether the log of a step has what the step and the libraries it calls log through SLF4J, as
     * far as there is a {@link LogSource}, or only what it gives {@link StepContext#log}. It has by
     * default. Logs are artifacts: without this, what a library logs of the data stays where the
     * program's logging keeps it.
     */
    public Builder captureLogs(boolean capture) {
      capturesLogs = capture;
      return this;
    }

    private <T> Parameter<T> add(Parameter<T> added) {
      if (parameters.putIfAbsent(added.name(), added) != null) {
        throw new InvalidPipelineException(
            "pipeline \"" + name + "\" has two parameters \"" + added.name() + "\"");
      }
      return added;
    }

    private String begin(String step) {
      checkName("a step", step);
      if (step.indexOf('[') >= 0 || step.indexOf(']') >= 0) {
        throw new InvalidPipelineException(
            "the name of a step has no brackets, in which elements of a step for each are named;"
                + " found \""
                + step
                + "\"");
      }
      if (!begun.add(step)) {
        throw taken(step);
      }
      return step;
    }

    private InvalidPipelineException taken(String step) {
      return new InvalidPipelineException(
          "pipeline \"" + name + "\" has two steps \"" + step + "\"; give each a name of its own");
    }
  }
}
