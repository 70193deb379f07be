package dev.mlops4j.data;

import com.fasterxml.jackson.core.JsonFactory;
import com.fasterxml.jackson.core.JsonGenerator;
import com.fasterxml.jackson.core.JsonParseException;
import com.fasterxml.jackson.core.JsonParser;
import com.fasterxml.jackson.core.JsonToken;
import com.fasterxml.jackson.core.StreamReadFeature;
import com.fasterxml.jackson.core.json.JsonWriteFeature;
import java.io.IOException;
import java.io.StringWriter;
import java.util.ArrayList;
import java.util.List;
import org.jspecify.annotations.Nullable;

/** The text of {@link Schema#toJson()}. Stored, so what it can say only grows. */
final class SchemaJson {

  private static final String NAME = "name";
  private static final String TYPE = "type";
  private static final String REQUIRED = "required";
  private static final String SENSITIVE = "sensitive";

  /** In ASCII, as a database need not take all that may be in a name. */
  private static final JsonFactory FACTORY =
      JsonFactory.builder()
          .enable(JsonWriteFeature.ESCAPE_NON_ASCII)
          .enable(StreamReadFeature.STRICT_DUPLICATE_DETECTION)
          .build();

  private SchemaJson() {}

  static String write(Schema schema) {
    StringWriter text = new StringWriter();
    try (JsonGenerator to = FACTORY.createGenerator(text)) {
      to.writeStartArray();
      for (Field field : schema.fields()) {
        to.writeStartObject();
        to.writeStringField(NAME, field.name());
        to.writeStringField(TYPE, field.type().name());
        if (field.required()) {
          to.writeBooleanField(REQUIRED, true);
        }
        if (field.sensitive()) {
          to.writeBooleanField(SENSITIVE, true);
        }
        to.writeEndObject();
      }
      to.writeEndArray();
    } catch (IOException e) {
      throw new IllegalStateException("nothing is written anywhere", e);
    }
    return text.toString();
  }

  static Schema read(String json) {
    try (JsonParser from = FACTORY.createParser(json)) {
      List<Field> fields = new ArrayList<>();
      require(from, from.nextToken(), JsonToken.START_ARRAY);
      while (from.nextToken() != JsonToken.END_ARRAY) {
        fields.add(field(from));
      }
      require(from, from.nextToken(), null);
      return Schema.of(fields);
    } catch (IOException | IllegalArgumentException e) {
      throw new SchemaException("the text is not that of a schema: " + e.getMessage());
    }
  }

  private static Field field(JsonParser from) throws IOException {
    require(from, from.currentToken(), JsonToken.START_OBJECT);
    String name = null;
    String type = null;
    boolean required = false;
    boolean sensitive = false;
    while (from.nextToken() == JsonToken.FIELD_NAME) {
      String member = from.currentName();
      from.nextToken();
      switch (member) {
        case NAME -> name = text(from);
        case TYPE -> type = text(from);
        case REQUIRED -> required = from.getBooleanValue();
        case SENSITIVE -> sensitive = from.getBooleanValue();
        default -> throw new JsonParseException(from, "a column has no \"" + member + "\"");
      }
    }
    if (name == null || type == null) {
      throw new JsonParseException(from, "a column has a name and a type");
    }
    return new Field(name, ColumnType.valueOf(type), required, sensitive);
  }

  private static String text(JsonParser from) throws IOException {
    require(from, from.currentToken(), JsonToken.VALUE_STRING);
    return from.getText();
  }

  private static void require(
      JsonParser from, @Nullable JsonToken found, @Nullable JsonToken expected) throws IOException {
    if (found != expected) {
      throw new JsonParseException(from, "found " + found + ", expected " + expected);
    }
  }
}
