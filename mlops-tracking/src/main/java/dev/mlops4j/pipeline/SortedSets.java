package dev.mlops4j.pipeline;

import com.fasterxml.jackson.core.JsonGenerator;
import com.fasterxml.jackson.databind.BeanDescription;
import com.fasterxml.jackson.databind.BeanProperty;
import com.fasterxml.jackson.databind.JsonMappingException;
import com.fasterxml.jackson.databind.JsonSerializer;
import com.fasterxml.jackson.databind.SerializationConfig;
import com.fasterxml.jackson.databind.SerializerProvider;
import com.fasterxml.jackson.databind.jsontype.TypeSerializer;
import com.fasterxml.jackson.databind.ser.BeanSerializerModifier;
import com.fasterxml.jackson.databind.ser.ContextualSerializer;
import com.fasterxml.jackson.databind.ser.std.CollectionSerializer;
import com.fasterxml.jackson.databind.ser.std.EnumSetSerializer;
import com.fasterxml.jackson.databind.type.CollectionType;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.util.AbstractMap;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.function.Function;
import org.jspecify.annotations.Nullable;

/**
 * Has sets written in the order of their elements' JSON: that of a hash set is another one in each
 * JVM, and equal sets are to have equal texts.
 */
final class SortedSets extends BeanSerializerModifier {

  private static final long serialVersionUID = 1L;

  private final transient Function<Object, String> json;

  SortedSets(Function<Object, String> json) {
    this.json = json;
  }

  @Override
  public JsonSerializer<?> modifyCollectionSerializer(
      SerializationConfig config,
      CollectionType type,
      BeanDescription description,
      JsonSerializer<?> serializer) {
    if (!Set.class.isAssignableFrom(type.getRawClass())) {
      return serializer;
    }
    // That of enum sets takes nothing else, and has the order in which the constants are declared.
    return new Sorted(
        serializer instanceof EnumSetSerializer
            ? new CollectionSerializer(type.getContentType(), false, null, null)
            : serializer,
        json);
  }

  private static final class Sorted extends JsonSerializer<Set<?>> implements ContextualSerializer {

    private final JsonSerializer<Object> elements;
    private final Function<Object, String> json;

    @SuppressWarnings("unchecked") // it takes collections of the elements
    Sorted(JsonSerializer<?> elements, Function<Object, String> json) {
      this.elements = (JsonSerializer<Object>) elements;
      this.json = json;
    }

    @Override
    public JsonSerializer<?> createContextual(
        SerializerProvider provider, @Nullable BeanProperty property) throws JsonMappingException {
      return new Sorted(provider.handlePrimaryContextualization(elements, property), json);
    }

    @Override
    public void serialize(Set<?> set, JsonGenerator generator, SerializerProvider provider)
        throws IOException {
      elements.serialize(sorted(set), generator, provider);
    }

    @Override
    public void serializeWithType(
        Set<?> set, JsonGenerator generator, SerializerProvider provider, TypeSerializer type)
        throws IOException {
      elements.serializeWithType(sorted(set), generator, provider, type);
    }

    @Override
    public boolean isEmpty(SerializerProvider provider, Set<?> set) {
      return set.isEmpty();
    }

    private Set<Object> sorted(Set<?> set) throws IOException {
      List<Map.Entry<String, Object>> texts = new ArrayList<>();
      try {
        for (Object element : set) {
          texts.add(new AbstractMap.SimpleEntry<>(json.apply(element), element));
        }
      } catch (UncheckedIOException e) {
        throw e.getCause();
      }
      texts.sort(Comparator.comparing(Map.Entry::getKey));
      Set<Object> sorted = new LinkedHashSet<>();
      texts.forEach(each -> sorted.add(each.getValue()));
      return sorted;
    }
  }
}
