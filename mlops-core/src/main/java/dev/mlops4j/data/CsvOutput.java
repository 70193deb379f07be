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

/** Writes rows beside the file, then puts them into the file's place. */
final class CsvOutput implements DatasetWriter {

  private static final int BUFFER = 1 << 16;
  private static final char BYTE_ORDER_MARK = '\uFEFF';

  private final Schema schema;
  private final Path file;
  private final Path temporary;
  private final CsvWriter csv;
  private final @Nullable String[] cells;
  private boolean ended;

  CsvOutput(Schema schema, Path file) {
    if (schema.size() == 0) {
      throw new CsvException(file, "a dataset without columns has no header to write");
    }
    this.schema = schema;
    this.file = file;
    this.cells = new @Nullable String[schema.size()];
    try {
      temporary = Files.createTempFile(file.toAbsolutePath().getParent(), ".csv", ".tmp");
      try {
        csv =
            CsvWriter.builder()
                .quoteStrategy(new Quotes())
                .lineDelimiter(LineDelimiter.LF)
                .build(open(temporary, file.toString().endsWith(".gz")));
        csv.writeRecord(schema.names());
      } catch (IOException | RuntimeException e) {
        Files.deleteIfExists(temporary);
        throw e;
      }
    } catch (IOException | UncheckedIOException e) {
      throw failed(e);
    }
  }

  private static Writer open(Path file, boolean packed) throws IOException {
    OutputStream bytes = new BufferedOutputStream(Files.newOutputStream(file), BUFFER);
    return new OutputStreamWriter(
        packed ? new GZIPOutputStream(bytes, BUFFER) : bytes, StandardCharsets.UTF_8);
  }

  @Override
  public void write(Dataset batch) {
    checkOpen();
    if (!batch.schema().hasColumnsOf(schema)) {
      throw new SchemaException(
          file + " has the columns " + schema + ", found a batch of " + batch.schema());
    }
    try {
      for (int row = 0; row < batch.rowCount(); row++) {
        for (int i = 0; i < cells.length; i++) {
          Object value = batch.column(i).get(row);
          cells[i] = value == null ? null : value.toString();
        }
        csv.writeRecord(cells);
      }
    } catch (UncheckedIOException e) {
      throw failed(e);
    }
  }

  @Override
  public void finish() {
    checkOpen();
    try {
      csv.close();
      Files.move(temporary, file, StandardCopyOption.REPLACE_EXISTING);
    } catch (IOException | UncheckedIOException e) {
      throw failed(e);
    }
    ended = true;
  }

  @Override
  public void close() {
    if (ended) {
      return;
    }
    ended = true;
    try {
      try {
        csv.close();
      } finally {
        Files.deleteIfExists(temporary);
      }
    } catch (IOException | UncheckedIOException e) {
      throw failed(e);
    }
  }

  private void checkOpen() {
    if (ended) {
      throw new IllegalStateException(file + " is written; open another writer");
    }
  }

  private CsvException failed(Exception e) {
    Object reason = e instanceof UncheckedIOException unchecked ? unchecked.getCause() : e;
    return new CsvException(file, "cannot be written: " + reason, e);
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
