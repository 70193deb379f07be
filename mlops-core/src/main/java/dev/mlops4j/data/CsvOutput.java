package dev.mlops4j.data;

import java.io.BufferedOutputStream;
import java.io.IOException;
import java.io.OutputStream;
import java.io.OutputStreamWriter;
import java.io.Writer;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.util.zip.GZIPOutputStream;
import org.jspecify.annotations.Nullable;

/** Writes a dataset beside the file, then puts it into the file's place. */
final class CsvOutput {

  private static final int BUFFER = 1 << 16;
  private static final int HEADER = -1;
  private static final char BYTE_ORDER_MARK = '\uFEFF';

  private CsvOutput() {}

  static void write(Dataset dataset, Path file) {
    if (dataset.schema().size() == 0) {
      throw new CsvException(file, "a dataset without columns has no header to write");
    }
    try {
      Path directory = file.toAbsolutePath().getParent();
      Path temporary = Files.createTempFile(directory, ".csv", ".tmp");
      try {
        try (Writer writer = open(temporary, file.toString().endsWith(".gz"))) {
          write(dataset, writer);
        }
        Files.move(temporary, file, StandardCopyOption.REPLACE_EXISTING);
      } finally {
        Files.deleteIfExists(temporary);
      }
    } catch (IOException e) {
      throw new CsvException(file, "cannot be written: " + e, e);
    }
  }

  private static Writer open(Path file, boolean packed) throws IOException {
    OutputStream bytes = new BufferedOutputStream(Files.newOutputStream(file), BUFFER);
    return new OutputStreamWriter(
        packed ? new GZIPOutputStream(bytes, BUFFER) : bytes, StandardCharsets.UTF_8);
  }

  private static void write(Dataset dataset, Writer target) throws IOException {
    int width = dataset.schema().size();
    StringBuilder line = new StringBuilder();
    for (int row = HEADER; row < dataset.rowCount(); row++) {
      line.setLength(0);
      for (int i = 0; i < width; i++) {
        line.append(i == 0 ? "" : ",");
        append(
            line,
            row == HEADER ? dataset.schema().fields().get(i).name() : dataset.column(i).get(row));
      }
      target.append(line.append('\n'));
    }
  }

  private static void append(StringBuilder line, @Nullable Object value) {
    if (value instanceof String text && mustBeQuoted(text)) {
      line.append('"').append(text.replace("\"", "\"\"")).append('"');
    } else if (value != null) {
      line.append(value);
    }
  }

  /** An empty text too, for without quotes it would be missing; a first mark would be skipped. */
  private static boolean mustBeQuoted(String text) {
    if (text.isEmpty() || text.charAt(0) == BYTE_ORDER_MARK) {
      return true;
    }
    for (int i = 0; i < text.length(); i++) {
      char c = text.charAt(i);
      if (c == ',' || c == '"' || c == '\n' || c == '\r') {
        return true;
      }
    }
    return false;
  }
}
