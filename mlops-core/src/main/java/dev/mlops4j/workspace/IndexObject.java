package dev.mlops4j.workspace;

import com.fasterxml.jackson.core.StreamReadFeature;
import com.fasterxml.jackson.databind.DeserializationFeature;
import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.SerializationFeature;
import com.fasterxml.jackson.databind.json.JsonMapper;
import dev.mlops4j.Digest;
import java.io.IOException;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.SortedMap;
import java.util.TreeMap;
import org.jspecify.annotations.Nullable;

/**
 * An object in the index of an {@link Archive}, for the parts of the library that move what they
 * keep to another workspace. An index comes from anywhere: a member that is absent, or is not what
 * is asked for, is an {@link ArchiveException}. Immutable.
 */
public final class IndexObject {

  private static final String FORMAT = "format";
  private static final String VERSION = "version";
  private static final JsonMapper MAPPER =
      JsonMapper.builder()
          .enable(SerializationFeature.INDENT_OUTPUT)
          .enable(StreamReadFeature.STRICT_DUPLICATE_DETECTION)
          .enable(DeserializationFeature.FAIL_ON_TRAILING_TOKENS)
          .build();

  private final JsonNode node;
  private final String what;

  private IndexObject(JsonNode node, String what) {
    this.node = node;
    this.what = what;
    if (!node.isObject()) {
      throw wrong("an object lacks");
    }
  }

  /**
   * The bytes of an index: the same content gives the same bytes.
   *
   * @param content what is in it, in order: maps, lists, texts, whole numbers, truth values
   */
  public static byte[] write(String format, int version, Map<String, ?> content) {
    Map<String, Object> root = new LinkedHashMap<>();
    root.put(FORMAT, format);
    root.put(VERSION, version);
    root.putAll(content);
    try {
      return MAPPER.writeValueAsBytes(root);
    } catch (IOException e) {
      throw new IllegalStateException("maps and lists can always be written", e);
    }
  }

  /**
   * The whole index.
   *
   * @param format what it must say that it is
   * @param newest the newest version that can be read; older ones can as well
   * @param what the archive should hold, for messages, such as {@code runs}
   * @throws ArchiveException if it is no index, or of another format or a newer version
   */
  public static IndexObject read(byte[] index, String format, int newest, String what) {
    JsonNode root;
    try {
      root = MAPPER.readTree(index);
    } catch (IOException e) {
      throw wrong("it is not JSON", what, e);
    }
    if (!format.equals(root.path(FORMAT).asText())) {
      throw wrong(
          "it does not say \"format\": \"" + format + "\", so it is no archive of " + what,
          what,
          null);
    }
    int version = root.path(VERSION).asInt(0);
    if (version < 1 || version > newest) {
      throw new ArchiveException(
          "the archive has format version "
              + version
              + ", this library reads versions up to "
              + newest
              + "; use the library that wrote it, or a later one");
    }
    return new IndexObject(root, what);
  }

  /** Whether there is a member of this name. */
  public boolean has(String name) {
    return node.has(name);
  }

  /** A text. */
  public String text(String name) {
    return text(node.path(name));
  }

  /** A text, or null if there is no member of this name. */
  public @Nullable String optionalText(String name) {
    return has(name) ? text(name) : null;
  }

  /** A truth value; false if there is no member of this name. */
  public boolean truth(String name) {
    if (has(name) && !node.path(name).isBoolean()) {
      throw wrong("a truth value lacks");
    }
    return node.path(name).asBoolean(false);
  }

  /** A whole number. */
  public long whole(String name) {
    return whole(node.path(name));
  }

  /** A size or a count. */
  public long count(String name) {
    return count(node.path(name));
  }

  /** A digest, which is written as hexadecimal digits. */
  public Digest digest(String name) {
    return digestOf(text(name));
  }

  /** A constant, which is written as its name. */
  public <E extends Enum<E>> E constant(String name, Class<E> type) {
    String text = text(name);
    try {
      return Enum.valueOf(type, text);
    } catch (IllegalArgumentException e) {
      throw wrong("a " + type.getSimpleName() + " lacks", what, e);
    }
  }

  /** A list of objects. */
  public List<IndexObject> objects(String name) {
    List<IndexObject> objects = new ArrayList<>();
    list(name).forEach(element -> objects.add(new IndexObject(element, what)));
    return objects;
  }

  /** A list of counts. */
  public List<Long> counts(String name) {
    List<Long> counts = new ArrayList<>();
    list(name).forEach(element -> counts.add(count(element)));
    return counts;
  }

  /** The object of this name. */
  public IndexObject object(String name) {
    return new IndexObject(node.path(name), what);
  }

  /** All members, each an object, by name. */
  public SortedMap<String, IndexObject> objectsByName() {
    SortedMap<String, IndexObject> objects = new TreeMap<>();
    node.properties()
        .forEach(each -> objects.put(each.getKey(), new IndexObject(each.getValue(), what)));
    return objects;
  }

  /** All members, each a text, by name. */
  public SortedMap<String, String> textsByName() {
    SortedMap<String, String> texts = new TreeMap<>();
    node.properties().forEach(each -> texts.put(each.getKey(), text(each.getValue())));
    return texts;
  }

  /** All members, each a count, by name. */
  public SortedMap<String, Long> countsByName() {
    SortedMap<String, Long> counts = new TreeMap<>();
    node.properties().forEach(each -> counts.put(each.getKey(), count(each.getValue())));
    return counts;
  }

  /** All members, each a count, by the digest that its name is. */
  public SortedMap<Digest, Long> countsByDigest() {
    SortedMap<Digest, Long> counts = new TreeMap<>();
    countsByName().forEach((name, count) -> counts.put(digestOf(name), count));
    return counts;
  }

  /** What to throw for content that is not as it should be; {@code why} says so in a few words. */
  public ArchiveException wrong(String why) {
    return wrong(why, what, null);
  }

  private Iterable<JsonNode> list(String name) {
    if (!node.path(name).isArray()) {
      throw wrong("a list lacks");
    }
    return node.path(name);
  }

  private Digest digestOf(String text) {
    try {
      return new Digest(text);
    } catch (IllegalArgumentException e) {
      throw wrong("a digest lacks", what, e);
    }
  }

  private String text(JsonNode value) {
    if (!value.isTextual()) {
      throw wrong("a text lacks");
    }
    return value.asText();
  }

  private long count(JsonNode value) {
    long number = whole(value);
    if (number < 0) {
      throw wrong("a size or a count is negative");
    }
    return number;
  }

  private long whole(JsonNode value) {
    if (!value.canConvertToLong() || !value.isIntegralNumber()) {
      throw wrong("a whole number lacks");
    }
    return value.asLong();
  }

  private static ArchiveException wrong(String why, String what, @Nullable Exception cause) {
    return new ArchiveException(
        "the archive's "
            + Archive.INDEX
            + " is not as it should be: "
            + why
            + "; export the "
            + what
            + " again",
        cause);
  }
}
