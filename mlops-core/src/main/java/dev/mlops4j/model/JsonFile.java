package dev.mlops4j.model;

import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.core.StreamReadFeature;
import com.fasterxml.jackson.databind.DeserializationFeature;
import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.SerializationFeature;
import com.fasterxml.jackson.databind.json.JsonMapper;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.charset.CharacterCodingException;
import java.nio.charset.StandardCharsets;

/** JSON files of a package to trees and back. */
final class JsonFile {

  private static final char BYTE_ORDER_MARK = '\ufeff';

  private static final JsonMapper MAPPER =
      JsonMapper.builder()
          .enable(StreamReadFeature.STRICT_DUPLICATE_DETECTION)
          .enable(DeserializationFeature.FAIL_ON_TRAILING_TOKENS)
          .enable(SerializationFeature.INDENT_OUTPUT)
          .build();

  private JsonFile() {}

  /** The object in this file, which has one form of bytes: UTF-8 without a byte order mark. */
  static JsonObject read(String path, byte[] bytes) {
    JsonNode root;
    try {
      root = MAPPER.readTree(text(path, bytes));
    } catch (IOException e) {
      throw new CorruptPackageException(
          path
              + " of the model package is not JSON ("
              + e.getMessage()
              + "); fetch the package again or use another version",
          e);
    }
    return JsonObject.of(path, "", root);
  }

  private static String text(String path, byte[] bytes) throws CharacterCodingException {
    String text = StandardCharsets.UTF_8.newDecoder().decode(ByteBuffer.wrap(bytes)).toString();
    if (text.indexOf(BYTE_ORDER_MARK) == 0) {
      throw new CorruptPackageException(
          path
              + " of the model package begins with a byte order mark; it is UTF-8 without one,"
              + " fetch the package again or use another version");
    }
    return text;
  }

  /** The bytes of this tree; the same tree gives the same bytes. */
  static byte[] write(JsonNode root) {
    try {
      return MAPPER.writeValueAsBytes(root);
    } catch (JsonProcessingException e) {
      throw new IllegalStateException("a tree can always be written", e);
    }
  }
}
