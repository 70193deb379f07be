package dev.mlops4j.cli;

import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.core.json.JsonWriteFeature;
import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.SerializationFeature;
import com.fasterxml.jackson.databind.json.JsonMapper;
import dev.mlops4j.report.Printable;
import java.io.Console;
import java.io.PrintWriter;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Model.CommandSpec;

/** Prints the answer of a command: lines and tables for people, or JSON for programs. */
final class Printer {

  private static final int LEAST_WIDTH = 20;

  /** Nothing that a terminal could take for a command leaves it unescaped. */
  private static final JsonMapper MAPPER =
      JsonMapper.builder()
          .enable(SerializationFeature.INDENT_OUTPUT)
          .enable(JsonWriteFeature.ESCAPE_NON_ASCII)
          .build();

  private final PrintWriter out;
  private final boolean json;
  private final int width;

  Printer(CommandSpec spec, OutputOption option) {
    this.out = spec.commandLine().getOut();
    this.json = option.json();
    this.width = width(spec, option.width());
  }

  /** Whether JSON was asked for. */
  boolean isJson() {
    return json;
  }

  /** How many characters a line may have. */
  int width() {
    return width;
  }

  /** A line, with whatever is not plain as an escape. */
  void line(String text) {
    out.println(Printable.of(text));
    out.flush();
  }

  /** Lines that are plain already. */
  void text(String plain) {
    plain.lines().forEach(out::println);
    out.flush();
  }

  /** A table that is no wider than {@link #width()}. */
  void table(Table table) {
    text(table.toText(width));
  }

  void json(JsonNode node) {
    try {
      out.println(MAPPER.writeValueAsString(node));
    } catch (JsonProcessingException e) {
      throw new IllegalStateException("a tree can always be written", e);
    }
    out.flush();
  }

  private static int width(CommandSpec spec, @Nullable Integer asked) {
    if (asked != null) {
      if (asked < LEAST_WIDTH) {
        throw new IllegalArgumentException(
            "--width takes " + LEAST_WIDTH + " or more, found " + asked);
      }
      return asked;
    }
    return isTerminal()
        ? Math.max(LEAST_WIDTH, spec.usageMessage().autoWidth(true).width())
        : Integer.MAX_VALUE;
  }

  /** From Java 22 on there is a console without a terminal, too, which it then can say. */
  @SuppressWarnings("SystemConsoleNull") // a later one is asked
  private static boolean isTerminal() {
    Console console = System.console();
    if (console == null) {
      return false;
    }
    try {
      return Boolean.TRUE.equals(Console.class.getMethod("isTerminal").invoke(console));
    } catch (ReflectiveOperationException e) {
      return true;
    }
  }
}
