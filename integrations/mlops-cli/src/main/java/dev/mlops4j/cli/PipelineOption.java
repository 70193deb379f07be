package dev.mlops4j.cli;

import dev.mlops4j.pipeline.Parameter;
import dev.mlops4j.pipeline.Pipeline;
import dev.mlops4j.pipeline.PipelineLaunch;
import dev.mlops4j.workspace.Workspace;
import java.io.IOException;
import java.net.MalformedURLException;
import java.net.URL;
import java.net.URLClassLoader;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.function.BiFunction;
import java.util.function.Function;
import java.util.function.Supplier;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Option;

/** Which pipeline is meant, and how it is to be run. */
final class PipelineOption {

  @Option(
      names = "--jar",
      paramLabel = "FILE",
      description =
          "A jar or directory of classes with the pipeline, or what it needs; may be repeated.")
  private List<Path> jars = new ArrayList<>();

  @Option(
      names = "--class",
      required = true,
      paramLabel = "CLASS",
      description =
          "A class with a constructor without arguments that is a Supplier<Pipeline>; may be"
              + " repeated, and the pipeline's name chooses.")
  private List<String> classes = new ArrayList<>();

  @Option(
      names = {"-p", "--parameter"},
      paramLabel = "NAME=VALUE",
      description = "A parameter of the run that is no secret; may be repeated.")
  private Map<String, String> parameters = new LinkedHashMap<>();

  @Option(
      names = "--parameter-from",
      paramLabel = "NAME=VARIABLE",
      description =
          "A parameter whose value is in this variable of the environment, as of a secret; may be"
              + " repeated.")
  private Map<String, String> variables = new LinkedHashMap<>();

  @Option(
      names = "--allow-overlap",
      description = "Runs it although another run of the pipeline goes on.")
  private boolean allowsOverlap;

  @Option(
      names = "--threads",
      paramLabel = "N",
      description = "How many steps are done at a time (default: as there are processors).")
  private @Nullable Integer threads;

  /**
   * Finds the pipeline and does something with it; its classes are there until that is done.
   *
   * @param name null if there is one only
   */
  ExitCode with(
      @Nullable String name, Workspace workspace, Function<PipelineLaunch, ExitCode> use) {
    return withEach(name, workspace, (pipeline, launches) -> use.apply(launches.get()));
  }

  /** The same for who runs it more than once, with a launch for each. */
  ExitCode withEach(
      @Nullable String name,
      Workspace workspace,
      BiFunction<Pipeline, Supplier<PipelineLaunch>, ExitCode> use) {
    Thread thread = Thread.currentThread();
    ClassLoader before = thread.getContextClassLoader();
    StopSignal signal = StopSignal.over(workspace);
    try (URLClassLoader loader =
        new URLClassLoader(urls(), PipelineOption.class.getClassLoader())) {
      // Of what is in the jars ServiceLoader and its like find only what this one has.
      thread.setContextClassLoader(loader);
      Pipeline pipeline = find(name, loader);
      return used(pipeline, workspace, use, signal);
    } catch (IOException e) {
      throw new CommandException(ExitCode.FAILED, "a jar could not be closed: " + e);
    } finally {
      signal.close();
      thread.setContextClassLoader(before);
    }
  }

  private ExitCode used(
      Pipeline pipeline,
      Workspace workspace,
      BiFunction<Pipeline, Supplier<PipelineLaunch>, ExitCode> use,
      StopSignal signal) {
    try {
      return use.apply(pipeline, () -> launch(pipeline, workspace));
    } finally {
      // Before the classes of what runs are gone.
      signal.close();
    }
  }

  private PipelineLaunch launch(Pipeline pipeline, Workspace workspace) {
    PipelineLaunch launch = pipeline.in(workspace);
    refuseSecrets(pipeline);
    parameters.forEach(launch::parameter);
    variables.forEach((parameter, variable) -> launch.parameter(parameter, value(variable)));
    if (allowsOverlap) {
      launch.allowOverlap();
    }
    if (threads != null) {
      launch.threads(threads);
    }
    return launch;
  }

  /** All on the machine can read a command line, and each run records it. */
  private void refuseSecrets(Pipeline pipeline) {
    for (Parameter<?> parameter : pipeline.parameters()) {
      if (parameter.isSecret() && parameters.containsKey(parameter.name())) {
        throw new CommandException(
            ExitCode.USAGE,
            "parameter \""
                + parameter.name()
                + "\" is secret, and a command line is not; put it in a variable of the"
                + " environment, and use --parameter-from "
                + parameter.name()
                + "=VARIABLE");
      }
    }
  }

  private static String value(String variable) {
    String value = System.getenv(variable);
    if (value == null) {
      throw new CommandException(
          ExitCode.USAGE, "--parameter-from: the environment has no variable " + variable);
    }
    return value;
  }

  private Pipeline find(@Nullable String name, ClassLoader loader) {
    List<String> there = new ArrayList<>();
    for (String each : classes) {
      Pipeline pipeline = make(each, loader);
      if (pipeline.name().equals(name) || (name == null && classes.size() == 1)) {
        return pipeline;
      }
      there.add(pipeline.name());
    }
    throw new CommandException(
        ExitCode.NOT_FOUND,
        (name == null
                ? "name one of the pipelines "
                : "there is no pipeline " + name + "; there are ")
            + there);
  }

  private static Pipeline make(String className, ClassLoader loader) {
    try {
      Object made = loader.loadClass(className).getDeclaredConstructor().newInstance();
      if (made instanceof Supplier<?> supplier && supplier.get() instanceof Pipeline pipeline) {
        return pipeline;
      }
      throw new CommandException(
          ExitCode.USAGE, "class " + className + " is no Supplier<Pipeline>");
    } catch (ClassNotFoundException e) {
      throw new CommandException(
          ExitCode.NOT_FOUND, "there is no class " + className + "; name its jar with --jar FILE");
    } catch (ReflectiveOperationException | LinkageError e) {
      Throwable cause = e.getCause() == null ? e : e.getCause();
      throw new CommandException(
          ExitCode.FAILED, "class " + className + " could not be made: " + cause);
    }
  }

  private URL[] urls() {
    List<URL> urls = new ArrayList<>();
    for (Path jar : jars) {
      if (!Files.exists(jar)) {
        throw new CommandException(ExitCode.NOT_FOUND, "there is no " + jar);
      }
      try {
        urls.add(jar.toUri().toURL());
      } catch (MalformedURLException e) {
        throw new CommandException(ExitCode.USAGE, "--jar " + jar + ": " + e.getMessage());
      }
    }
    return urls.toArray(URL[]::new);
  }
}
