package dev.mlops4j.data;

import de.siegmar.fastcsv.writer.CsvWriter;
import de.siegmar.fastcsv.writer.LineDelimiter;
import de.siegmar.fastcsv.writer.QuoteStrategy;
import java.io.BufferedOutputStream;
import java.io.IOException;
import java.io.OutputStream;
import java.io.OutputStreamWriter;
import java.io.UncheckedIOException;
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
    } catch (UncheckedIOException e) {
      throw new CsvException(file, "cannot be written: " + e.getCause(), e);
    }
  }

  private static Writer open(Path file, boolean packed) throws IOException {
    OutputStream bytes = new BufferedOutputStream(Files.newOutputStream(file), BUFFER);
    return new OutputStreamWriter(
        packed ? new GZIPOutputStream(bytes, BUFFER) : bytes, StandardCharsets.UTF_8);
  }

  private static void write(Dataset dataset, Writer target) throws IOException {
    try (CsvWriter csv =
        CsvWriter.builder()
            .quoteStrategy(new Quotes())
            .lineDelimiter(LineDelimiter.LF)
            .build(target)) {
      csv.writeRecord(dataset.schema().names());
      @Nullable String[] cells = new @Nullable String[dataset.schema().size()];
      for (int row = 0; row < dataset.rowCount(); row++) {
        for (int i = 0; i < cells.length; i++) {
          Object value = dataset.column(i).get(row);
          cells[i] = value == null ? null : value.toString();
        }
        csv.writeRecord(cells);
      }
    }
  }

  /** What is quoted beside that which must be by the standard. */
  private static final class Quotes implements QuoteStrategy {

    /** Without quotes, an empty text would be missing. */
    @Override
    public boolean quoteEmpty(int line, int column) {
      return true;
    }

    /** Without quotes, the first mark of a file would be skipped. */
    @Override
    public boolean quoteValue(int line, int column, String value) {
      return value.charAt(0) == BYTE_ORDER_MARK;
    }
  }
}
