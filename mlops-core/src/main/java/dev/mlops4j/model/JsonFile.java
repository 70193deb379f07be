package dev.mlops4j.model;

import com.fasterxml.jackson.core.JsonFactory;
import com.fasterxml.jackson.core.JsonParseException;
import com.fasterxml.jackson.core.JsonParser;
import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.core.JsonToken;
import com.fasterxml.jackson.core.StreamReadFeature;
import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.SerializationFeature;
import com.fasterxml.jackson.databind.json.JsonMapper;
import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.JsonNodeFactory;
import com.fasterxml.jackson.databind.node.ObjectNode;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.charset.CharacterCodingException;
import java.nio.charset.StandardCharsets;

/** JSON files of a package to trees and back. */
final class JsonFile {

  private static final char BYTE_ORDER_MARK = '\ufeff';

  private static final JsonFactory FACTORY =
      JsonFactory.builder().enable(StreamReadFeature.STRICT_DUPLICATE_DETECTION).build();

  private JsonFile() {}

  /** The object in this file, which has one form of bytes: UTF-8 without a byte order mark. */
  static JsonObject read(String path, byte[] bytes) {
    JsonNode root;
    try (JsonParser parser = FACTORY.createParser(text(path, bytes))) {
      parser.nextToken();
      root = tree(parser);
      if (parser.nextToken() != null) {
        throw new JsonParseException(parser, "there is more after its end");
      }
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

  /**
   * The value that begins at the parser's token. An object mapper would read the same, but takes
   * 0.3 s to load its classes, which a service that starts has better uses for.
   */
  private static JsonNode tree(JsonParser parser) throws IOException {
    JsonNodeFactory nodes = JsonNodeFactory.instance;
    JsonToken token = parser.currentToken();
    if (token == null) {
      return nodes.missingNode();
    }
    return switch (token) {
      case START_OBJECT -> {
        ObjectNode object = nodes.objectNode();
        while (parser.nextToken() == JsonToken.FIELD_NAME) {
          String name = parser.currentName();
          parser.nextToken();
          object.set(name, tree(parser));
        }
        yield object;
      }
      case START_ARRAY -> {
        ArrayNode array = nodes.arrayNode();
        while (parser.nextToken() != JsonToken.END_ARRAY) {
          array.add(tree(parser));
        }
        yield array;
      }
      case VALUE_STRING -> nodes.textNode(parser.getText());
      case VALUE_NUMBER_INT ->
          parser.getNumberType() == JsonParser.NumberType.BIG_INTEGER
              ? nodes.numberNode(parser.getBigIntegerValue())
              : nodes.numberNode(parser.getLongValue());
      case VALUE_NUMBER_FLOAT -> nodes.numberNode(parser.getDoubleValue());
      case VALUE_TRUE, VALUE_FALSE -> nodes.booleanNode(parser.getBooleanValue());
      case VALUE_NULL -> nodes.nullNode();
      default -> throw new JsonParseException(parser, "unexpected " + token);
    };
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
      return Writer.MAPPER.writeValueAsBytes(root);
    } catch (JsonProcessingException e) {
      throw new IllegalStateException("a tree can always be written", e);
    }
  }

  /** Loaded by those who write. */
  private static final class Writer {
    static final JsonMapper MAPPER =
        JsonMapper.builder().enable(SerializationFeature.INDENT_OUTPUT).build();
  }
}
