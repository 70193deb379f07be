package dev.mlops4j.pipeline;

import dev.mlops4j.Digest;
import dev.mlops4j.workspace.Artifacts;
import dev.mlops4j.workspace.InvalidArtifactPathException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/**
 * A step that is an outside process, such as a colleague's {@code python train.py}. Not for several
 * threads.
 *
 * <pre>{@code
 * Step<ProcessOutput> trained = p.process("train").command("python3", "/opt/train.py")
 *     .argument("--depth").argument(depth)
 *     .fileIn("train.csv", rows).fileOut("model.json")
 *     .timeout(Duration.ofMinutes(20)).gives();
 * }</pre>
 *
 * <p>Files lie in a directory of the step's own, which is the working directory unless another is
 * named, and is in the environment variable {@link #FILES}. The process fails the step if it ends
 * with another exit code than 0. When its time is over or the run is cancelled, it is killed with
 * all processes it has started. The cache does not see the program's own files: state a {@link
 * #version}.
 */
public final class ProcessStepBuilder extends StepOptions<ProcessStepBuilder> {

  /** The environment variable that names the directory of the step's files. */
  public static final String FILES = "MLOPS4J_FILES";

  private final List<Object> words = new ArrayList<>();
  private final Map<String, Object> environment = new LinkedHashMap<>();
  private final Map<String, Input<?>> filesIn = new LinkedHashMap<>();
  private final Set<String> filesOut = new LinkedHashSet<>();
  private final Set<String> inherited = new LinkedHashSet<>();
  private boolean inheritsAll;
  private @Nullable Path directory;

  ProcessStepBuilder(Pipeline.Builder pipeline, String name) {
    super(pipeline, name);
  }

  /** Adds the program and arguments of it. */
  public ProcessStepBuilder command(String... programAndArguments) {
    words.addAll(List.of(programAndArguments));
    return this;
  }

  /** Adds an argument. */
  public ProcessStepBuilder argument(String argument) {
    words.add(argument);
    return this;
  }

  /**
   * Adds an input as an argument: a parameter as its text, a file as its path, all else as JSON.
   */
  public ProcessStepBuilder argument(Input<?> argument) {
    requireOwn(argument);
    words.add(argument);
    return this;
  }

  /**
   * Sets a variable of the environment. Beside those that are set the process has {@link #FILES}
   * and of the program's own variables, if they are there, {@code PATH}, {@code HOME}, {@code
   * USER}, {@code LOGNAME}, {@code LANG}, {@code LANGUAGE}, {@code LC_*}, {@code TZ} and {@code
   * TMPDIR}, on Windows also {@code PATHEXT}, {@code SYSTEMROOT}, {@code WINDIR}, {@code COMSPEC},
   * {@code TEMP}, {@code TMP}, {@code USERPROFILE}, {@code APPDATA} and {@code LOCALAPPDATA}; the
   * passwords that a service has in others are not passed on.
   */
  public ProcessStepBuilder environment(String name, String value) {
    environment.put(name, value);
    return this;
  }

  /** Sets a variable of the environment to an input, as {@link #argument(Input)} has it. */
  public ProcessStepBuilder environment(String name, Input<?> value) {
    requireOwn(value);
    environment.put(name, value);
    return this;
  }

  /**
   * Passes on variables of the program's environment, if they are there. Their values are no part
   * of the cache key.
   */
  public ProcessStepBuilder inherit(String... variables) {
    inherited.addAll(List.of(variables));
    return this;
  }

  /** Passes on the whole environment of the program, with all secrets that are in it. */
  public ProcessStepBuilder inheritAll() {
    inheritsAll = true;
    return this;
  }

  /** Has the process work in this directory. */
  public ProcessStepBuilder directory(Path working) {
    directory = working.toAbsolutePath();
    return this;
  }

  /**
   * Gives it an input as a file: a dataset as CSV, a file or directory as a copy, a model package
   * as a directory of its files, all else as JSON.
   *
   * @param file its name, relative to the directory of the step's files
   * @throws InvalidPipelineException if the name leads out of that directory, or the input cannot
   *     be written
   */
  public ProcessStepBuilder fileIn(String file, Input<?> content) {
    requireOwn(content);
    requireBelow(file);
    if (content instanceof Step<?> step && !ProcessWork.isWritable(step.output())) {
      throw new InvalidPipelineException(
          "process step \""
              + name()
              + "\" cannot be given the output of step \""
              + step.name()
              + "\" as a file: it is a "
              + step.output().form());
    }
    filesIn.put(file, content);
    return this;
  }

  /**
   * Expects a file of it.
   *
   * @param file its name, relative to the directory of the step's files
   * @throws InvalidPipelineException if the name leads out of that directory
   */
  public ProcessStepBuilder fileOut(String file) {
    requireBelow(file);
    filesOut.add(file);
    return this;
  }

  /**
   * Declares the step.
   *
   * @throws InvalidPipelineException if it has no command
   */
  public Step<ProcessOutput> gives() {
    if (words.isEmpty()) {
      throw new InvalidPipelineException("process step \"" + name() + "\" has no command");
    }
    List<Input<?>> inputs = new ArrayList<>();
    StringBuilder settings = new StringBuilder();
    add(settings, "command", words.size());
    words.forEach(word -> part(settings, word, inputs));
    add(settings, "environment", environment.size());
    environment.forEach(
        (key, value) -> {
          add(settings, key);
          part(settings, value, inputs);
        });
    add(settings, "files in", filesIn.size());
    filesIn.forEach(
        (key, value) -> {
          add(settings, key);
          part(settings, value, inputs);
        });
    add(settings, "files out", filesOut.size());
    filesOut.forEach(file -> add(settings, file));
    if (directory != null) {
      add(settings, "directory", directory);
    }
    ProcessWork work =
        new ProcessWork(
            List.copyOf(words),
            new ProcessEnvironment(new LinkedHashMap<>(environment), inherited, inheritsAll),
            new LinkedHashMap<>(filesIn),
            List.copyOf(filesOut),
            directory,
            List.copyOf(inputs));
    // As a digest: there may be secrets in the environment.
    String digest = Digest.of(settings.toString()).hex();
    return declare(inputs, new ProcessFilesOutput(), new Work.Call(work, "", digest));
  }

  private void requireBelow(String file) {
    try {
      Artifacts.checkPath(file);
    } catch (InvalidArtifactPathException e) {
      throw new InvalidPipelineException(
          "process step \"" + name() + "\" has a file \"" + file + "\": " + e.getMessage());
    }
  }

  @Override
  ProcessStepBuilder self() {
    return this;
  }

  private static void part(StringBuilder settings, Object word, List<Input<?>> inputs) {
    if (!(word instanceof Input<?> input)) {
      add(settings, "text", word);
      return;
    }
    if (!inputs.contains(input)) {
      inputs.add(input);
    }
    add(settings, "input", inputs.indexOf(input));
  }

  /** With their lengths, so that no two commands have the same settings. */
  private static void add(StringBuilder settings, Object... parts) {
    for (Object part : parts) {
      String text = part.toString();
      settings.append(text.length()).append(':').append(text);
    }
  }
}
