package dev.mlops4j.cli;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.io.OutputStream;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.jar.JarEntry;
import java.util.jar.JarOutputStream;
import java.util.stream.Stream;
import javax.tools.JavaCompiler;
import javax.tools.ToolProvider;
import org.junit.jupiter.api.Test;

/** A pipeline that comes in a jar of its own, with a service that only the jar provides. */
class PipelineJarTest extends CommandLineTest {

  private static final String SOURCE =
      """
      package outside;

      import dev.mlops4j.pipeline.Outputs;
      import dev.mlops4j.pipeline.Pipeline;
      import dev.mlops4j.pipeline.Step;
      import java.util.List;
      import java.util.ServiceLoader;
      import java.util.function.Supplier;

      public final class Outside implements Supplier<Pipeline> {
        public interface Words {
          String word();
        }

        public static final class Provided implements Words {
          @Override
          public String word() {
            return "provided";
          }
        }

        // By the thread's context class loader, as most libraries look for theirs.
        private static String found() {
          return ServiceLoader.load(Words.class).findFirst().map(Words::word).orElse("nothing");
        }

        @Override
        public Pipeline get() {
          Pipeline.Builder p = Pipeline.named("outside-" + found());
          Step<List<Integer>> list =
              p.step("list").gives(Outputs.jsonList(Integer.class), step -> List.of(1, 2, 3));
          p.forEach("each", list, i -> "i" + i)
              .gives(
                  Outputs.json(String.class),
                  (step, i) -> {
                    if (!found().equals("provided")) {
                      throw new IllegalStateException("no provider was found");
                    }
                    return found();
                  });
          return p.build();
        }
      }
      """;

  @Test
  void whatTheJarProvidesIsFoundWhereThePipelineIsMadeAndInItsSteps() throws IOException {
    Path jar = jar();
    ClassLoader before = Thread.currentThread().getContextClassLoader();

    int code =
        mlops(
            "pipeline",
            "run",
            "outside-provided",
            "--jar",
            jar.toString(),
            "--class",
            "outside.Outside",
            "--quiet",
            "--json");
    assertThat(code).as(err).isZero();
    assertThat(json().at("/steps/1/status").asText()).isEqualTo("FINISHED");
    assertThat(Thread.currentThread().getContextClassLoader()).isSameAs(before);
  }

  private Path jar() throws IOException {
    Path source = directory.resolve("Outside.java");
    Path classes = Files.createDirectories(directory.resolve("classes"));
    Files.writeString(source, SOURCE);
    JavaCompiler compiler = ToolProvider.getSystemJavaCompiler();
    List<String> options =
        List.of(
            "-proc:none",
            "-cp",
            System.getProperty("java.class.path"),
            "-d",
            classes.toString(),
            source.toString());
    assertThat(compiler.run(null, null, null, options.toArray(String[]::new))).isZero();
    Path service = classes.resolve("META-INF/services/outside.Outside$Words");
    Files.createDirectories(service.getParent());
    Files.writeString(service, "outside.Outside$Provided\n", StandardCharsets.UTF_8);
    Path jar = directory.resolve("outside.jar");
    try (OutputStream out = Files.newOutputStream(jar);
        JarOutputStream entries = new JarOutputStream(out);
        Stream<Path> files = Files.walk(classes)) {
      for (Path file : files.filter(Files::isRegularFile).sorted().toList()) {
        entries.putNextEntry(new JarEntry(classes.relativize(file).toString().replace('\\', '/')));
        Files.copy(file, entries);
        entries.closeEntry();
      }
    }
    return jar;
  }
}
