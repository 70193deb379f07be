package dev.mlops4j.examples.docs;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/**
 * A block of Java in a document. The line before it says where the code lives: {@code <!-- code:
 * ReadmeTest.java#program -->} is the region of that name in a file of this package, with several
 * names the regions one after the other; a path without a region is any run of lines of that file.
 *
 * @param document the document, for messages
 * @param line the number of the block's first line
 * @param file the file that the comment before the block names, empty if there is none
 * @param regions the regions it names
 * @param code the lines
 */
record CodeBlock(String document, int line, String file, List<String> regions, List<String> code) {

  private static final Pattern SOURCE = Pattern.compile("<!-- code: ([^#\\s]+)(?:#(\\S+))? -->");
  private static final Pattern COMMA = Pattern.compile(",");

  /** The Java blocks of a document. */
  static List<CodeBlock> of(Path document) throws IOException {
    List<CodeBlock> blocks = new ArrayList<>();
    List<String> lines = Files.readAllLines(document);
    for (int i = 0; i < lines.size(); i++) {
      if (lines.get(i).strip().equals("```java")) {
        int end = i + 1;
        while (!lines.get(end).strip().equals("```")) {
          end++;
        }
        Matcher source = SOURCE.matcher(i == 0 ? "" : lines.get(i - 1).strip());
        boolean stated = source.matches();
        String regions = stated ? source.group(2) : null;
        blocks.add(
            new CodeBlock(
                document.getFileName().toString(),
                i + 2,
                stated ? source.group(1) : "",
                regions == null ? List.of() : COMMA.splitAsStream(regions).toList(),
                unindented(lines.subList(i + 1, end))));
        i = end;
      }
    }
    return blocks;
  }

  /** The lines of this region of a source file, without their common indentation. */
  static List<String> region(Path file, String name) throws IOException {
    List<String> lines = Files.readAllLines(file);
    List<String> stripped = lines.stream().map(String::strip).toList();
    int start = stripped.indexOf("// region " + name);
    if (start < 0) {
      throw new IllegalStateException(file + " has no line \"// region " + name + "\"");
    }
    int end = start + 1;
    while (!stripped.get(end).equals("// endregion")) {
      end++;
    }
    return unindented(lines.subList(start + 1, end));
  }

  static List<String> unindented(List<String> lines) {
    int indentation =
        lines.stream()
            .filter(line -> !line.isBlank())
            .mapToInt(line -> line.length() - line.stripLeading().length())
            .min()
            .orElse(0);
    return lines.stream().map(line -> line.isBlank() ? "" : line.substring(indentation)).toList();
  }

  @Override
  public String toString() {
    return document + ":" + line;
  }
}
