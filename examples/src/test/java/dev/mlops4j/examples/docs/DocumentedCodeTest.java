package dev.mlops4j.examples.docs;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Set;
import java.util.TreeSet;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

/** What the documents show is code that is compiled and run by the tests of this package. */
final class DocumentedCodeTest {

  private static final Path ROOT = Repository.root();
  private static final Path HERE = ROOT.resolve("examples/src/test/java/dev/mlops4j/examples/docs");
  private static final Pattern LINK = Pattern.compile("\\]\\(([^)#\\s]+)(#[^)]*)?\\)");

  static List<CodeBlock> blocks() throws IOException {
    List<CodeBlock> blocks = new ArrayList<>();
    for (Path document : documents()) {
      blocks.addAll(CodeBlock.of(document));
    }
    return blocks;
  }

  @ParameterizedTest
  @MethodSource("blocks")
  void codeThatIsShownIsCodeThatIsTested(CodeBlock block) throws IOException {
    assertThat(block.file()).as("the comment <!-- code: ... --> before %s", block).isNotEmpty();
    if (block.regions().isEmpty()) {
      List<String> lines = Files.readAllLines(ROOT.resolve(block.file()));
      for (List<String> run : runs(block.code())) {
        assertThat(isRunOf(lines, run)).as("%s in %s: %s", block, block.file(), run).isTrue();
      }
      return;
    }
    List<String> tested = new ArrayList<>();
    for (String name : block.regions()) {
      if (!tested.isEmpty()) {
        tested.add("");
      }
      tested.addAll(CodeBlock.region(HERE.resolve(block.file()), name));
    }
    assertThat(String.join("\n", block.code()))
        .as("%s must be %s of %s", block, block.regions(), block.file())
        .isEqualTo(String.join("\n", tested));
  }

  @Test
  void everyRegionIsShown() throws IOException {
    Set<String> shown = new TreeSet<>();
    for (CodeBlock block : blocks()) {
      block.regions().forEach(name -> shown.add(block.file() + "#" + name));
    }
    Set<String> regions = new TreeSet<>();
    try (Stream<Path> files = Files.list(HERE)) {
      for (Path file : files.toList()) {
        for (String line : Files.readAllLines(file)) {
          if (line.strip().startsWith("// region ")) {
            regions.add(file.getFileName() + "#" + line.strip().substring("// region ".length()));
          }
        }
      }
    }
    assertThat(shown).isEqualTo(regions);
  }

  @Test
  void filesThatDocumentsLinkToAreThere() throws IOException {
    List<String> broken = new ArrayList<>();
    for (Path document : documents()) {
      Matcher link = LINK.matcher(Files.readString(document));
      while (link.find()) {
        String target = link.group(1);
        if (!target.contains("://") && !Files.exists(document.resolveSibling(target))) {
          broken.add(ROOT.relativize(document) + " -> " + target);
        }
      }
    }
    assertThat(broken).isEmpty();
  }

  private static List<Path> documents() throws IOException {
    List<Path> documents = new ArrayList<>();
    for (String directory : List.of("", "docs", "docs/decisions", "examples", "examples/data")) {
      try (Stream<Path> files = Files.list(ROOT.resolve(directory))) {
        files.filter(file -> file.toString().endsWith(".md")).sorted().forEach(documents::add);
      }
    }
    return documents;
  }

  /** The parts of a block between lines that say that something is left out. */
  private static List<List<String>> runs(List<String> code) {
    List<List<String>> runs = new ArrayList<>();
    List<String> run = new ArrayList<>();
    for (String line : code) {
      if (line.equals("// ...")) {
        runs.add(CodeBlock.unindented(run));
        run = new ArrayList<>();
      } else {
        run.add(line);
      }
    }
    runs.add(CodeBlock.unindented(run));
    return runs;
  }

  private static boolean isRunOf(List<String> lines, List<String> run) {
    for (int i = 0; i + run.size() <= lines.size(); i++) {
      List<String> part = CodeBlock.unindented(lines.subList(i, i + run.size()));
      if (part.equals(run)) {
        return true;
      }
    }
    return false;
  }
}
