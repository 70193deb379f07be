package dev.mlops4j.data;

import java.io.BufferedInputStream;
import java.io.EOFException;
import java.io.IOException;
import java.io.InputStream;
import java.io.InputStreamReader;
import java.io.PushbackReader;
import java.io.Reader;
import java.nio.charset.CharacterCodingException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.util.zip.GZIPInputStream;
import java.util.zip.ZipException;

/** Opens the text of a file, unpacked if it is gzipped; says why a file cannot be read. */
final class CsvText {

  private static final int BUFFER = 1 << 16;
  private static final int GZIP_FIRST = 0x1f;
  private static final int GZIP_SECOND = 0x8b;
  private static final char BYTE_ORDER_MARK = '\uFEFF';

  private CsvText() {}

  /**
   * A reader after the byte order mark, if there is one, that throws where the bytes are not UTF-8.
   * FastCSV opens files itself and skips marks, but puts other characters for what is not UTF-8.
   */
  static Reader open(Path file) throws IOException {
    InputStream bytes = new BufferedInputStream(Files.newInputStream(file), BUFFER);
    try {
      bytes.mark(2);
      boolean packed = bytes.read() == GZIP_FIRST && bytes.read() == GZIP_SECOND;
      bytes.reset();
      InputStream unpacked = packed ? new GZIPInputStream(bytes, BUFFER) : bytes;
      return withoutMark(new InputStreamReader(unpacked, StandardCharsets.UTF_8.newDecoder()));
    } catch (IOException | RuntimeException e) {
      bytes.close();
      throw e;
    }
  }

  private static Reader withoutMark(Reader text) throws IOException {
    PushbackReader reader = new PushbackReader(text);
    int first = reader.read();
    if (first >= 0 && first != BYTE_ORDER_MARK) {
      reader.unread(first);
    }
    return reader;
  }

  static CsvException failure(Path file, IOException e) {
    return new CsvException(file, reason(e), e);
  }

  private static String reason(IOException e) {
    if (e instanceof NoSuchFileException) {
      return "there is no such file";
    }
    if (e instanceof CharacterCodingException) {
      return "is not UTF-8 text";
    }
    if (e instanceof EOFException) {
      return "is gzipped and ends early; it was not copied whole";
    }
    if (e instanceof ZipException) {
      return "is gzipped and damaged: " + e.getMessage();
    }
    return "cannot be read: " + e;
  }
}
