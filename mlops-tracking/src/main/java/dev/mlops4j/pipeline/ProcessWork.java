package dev.mlops4j.pipeline;

import dev.mlops4j.data.Csv;
import dev.mlops4j.data.Dataset;
import dev.mlops4j.model.ModelPackage;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/**
 * Runs a process with its inputs.
 *
 * @param words texts and inputs
 * @param directory to work in; null for that of the files
 * @param inputs those among the others, in the order of the values
 */
record ProcessWork(
    List<Object> words,
    ProcessEnvironment environment,
    Map<String, Input<?>> filesIn,
    List<String> filesOut,
    @Nullable Path directory,
    List<Input<?>> inputs)
    implements Work.Body {

  @Override
  public Object run(StepContext step, Object[] values) throws Exception {
    Path files = step.directory();
    for (Map.Entry<String, Input<?>> file : filesIn.entrySet()) {
      write(value(file.getValue(), values), files.resolve(file.getKey()));
    }
    ProcessBuilder builder = new ProcessBuilder();
    List<String> command = new ArrayList<>();
    words.forEach(word -> command.add(text(word, values)));
    builder.command(command);
    environment.apply(builder.environment(), word -> text(word, values));
    builder.directory((directory == null ? files : directory).toFile());
    builder.redirectErrorStream(true);
    ChildProcess child = ChildProcess.start(step, files, builder);
    int exitCode = child.await();
    if (exitCode != 0) {
      throw new ProcessFailedException(
          "the process of step \""
              + step.name()
              + "\" ended with the exit code "
              + exitCode
              + "; the end of its output: "
              + child.tail(),
          exitCode,
          null);
    }
    return new ProcessOutput(exitCode, child.tail(), made(step, files));
  }

  private Map<String, Path> made(StepContext step, Path files) {
    Map<String, Path> made = new LinkedHashMap<>();
    for (String name : filesOut) {
      Path file = files.resolve(name);
      if (!Files.isRegularFile(file)) {
        throw new ProcessFailedException(
            "the process of step \""
                + step.name()
                + "\" made no file \""
                + name
                + "\" in $"
                + ProcessStepBuilder.FILES,
            0,
            null);
      }
      made.put(name, file);
    }
    return made;
  }

  private Object value(Object word, Object[] values) {
    return word instanceof Input<?> input ? values[inputs.indexOf(input)] : word;
  }

  private String text(Object word, Object[] values) {
    Object value = value(word, values);
    if (word instanceof Parameter<?>) {
      return ParameterText.write(value);
    }
    return value instanceof String || value instanceof Path
        ? value.toString()
        : StepJson.write("an argument", value);
  }

  /** Whether a value of this form can be a file, or a directory of files. */
  static boolean isWritable(Output<?> output) {
    return output.isText()
        || output instanceof DatasetOutput
        || output instanceof FileOutput
        || output instanceof ModelOutput;
  }

  private static void write(Object value, Path file) throws IOException {
    ScratchFiles.directoryOf(file);
    if (value instanceof Dataset dataset) {
      Csv.write(dataset, file);
    } else if (value instanceof ModelPackage model) {
      for (Map.Entry<String, byte[]> each : model.files().entrySet()) {
        Path to = file.resolve(each.getKey());
        ScratchFiles.directoryOf(to);
        Files.write(to, each.getValue());
      }
    } else if (value instanceof Path path && Files.isDirectory(path)) {
      Path made = ScratchFiles.directory(file);
      for (Map.Entry<String, Path> each : ScratchFiles.below("an input", path).entrySet()) {
        Path to = made.resolve(each.getKey());
        ScratchFiles.directoryOf(to);
        Files.copy(each.getValue(), to);
      }
    } else if (value instanceof Path path) {
      Files.copy(path, file);
    } else {
      Files.writeString(file, StepJson.write("an input", value));
    }
  }
}
