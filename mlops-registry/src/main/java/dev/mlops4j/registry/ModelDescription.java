package dev.mlops4j.registry;

import java.util.LinkedHashMap;
import java.util.Map;
import java.util.TreeMap;
import java.util.function.UnaryOperator;
import org.jspecify.annotations.Nullable;

/**
 * A change of what people say of a model that is being prepared; {@link #commit()} does it. What is
 * not stated stays. Not safe for use by several threads.
 *
 * <pre>{@code
 * registry.describe("flight-delay").owner("operations").tag("tier", "1").commit();
 * }</pre>
 */
public final class ModelDescription {

  private final RegistryStore store;
  private final String model;
  private @Nullable String description;
  private @Nullable String owner;
  private final Map<String, @Nullable String> tags = new LinkedHashMap<>();

  ModelDescription(RegistryStore store, String model) {
    this.store = store;
    this.model = model;
  }

  /** What the model is for; empty takes it back. */
  public ModelDescription description(String text) {
    this.description = Names.checkOptionalText("the description", text);
    return this;
  }

  /** Who answers for the model; empty takes it back. */
  public ModelDescription owner(String who) {
    this.owner = Names.checkOptionalText("the owner", who);
    return this;
  }

  /** Sets a tag; a value that is there is replaced. */
  public ModelDescription tag(String key, String value) {
    tags.put(Names.checkTag(key), Names.checkOptionalText("the value of a tag", value));
    return this;
  }

  /** Takes a tag away; one that is not there is fine. */
  public ModelDescription withoutTag(String key) {
    tags.put(Names.checkTag(key), null);
    return this;
  }

  /**
   * Makes the change in one transaction; changes made at the same time to other parts stay.
   *
   * @return what is said of the model now
   * @throws NoSuchModelException if there is no such model
   */
  public ModelInfo commit() {
    return change(store, model, this::applied);
  }

  /**
   * Says of a model what is said of it elsewhere, as far as nothing is said of it here.
   *
   * @throws NoSuchModelException if there is no such model
   */
  static ModelInfo fill(RegistryStore store, ModelInfo elsewhere) {
    return change(
        store,
        elsewhere.model(),
        found -> {
          TreeMap<String, String> tags = new TreeMap<>(elsewhere.tags());
          tags.putAll(found.tags());
          return new ModelInfo(
              found.model(),
              found.description().isEmpty() ? elsewhere.description() : found.description(),
              found.owner().isEmpty() ? elsewhere.owner() : found.owner(),
              tags);
        });
  }

  /**
   * Checks what is said of a model elsewhere.
   *
   * @throws IllegalArgumentException if it could not have been said here
   */
  static void check(ModelInfo info) {
    Names.checkOptionalText("the description", info.description());
    Names.checkOptionalText("the owner", info.owner());
    info.tags()
        .forEach(
            (key, value) -> {
              Names.checkTag(key);
              Names.checkOptionalText("the value of a tag", value);
            });
  }

  private static ModelInfo change(
      RegistryStore store, String model, UnaryOperator<ModelInfo> applied) {
    ModelInfo found;
    ModelInfo next;
    do {
      found = store.info(model).orElseThrow(() -> new NoSuchModelException(model, store.models()));
      next = applied.apply(found);
    } while (!next.equals(found) && !store.describe(found, next));
    return next;
  }

  private ModelInfo applied(ModelInfo found) {
    TreeMap<String, String> all = new TreeMap<>(found.tags());
    for (Map.Entry<String, @Nullable String> tag : tags.entrySet()) {
      String value = tag.getValue();
      if (value == null) {
        all.remove(tag.getKey());
      } else {
        all.put(tag.getKey(), value);
      }
    }
    return new ModelInfo(
        model,
        description == null ? found.description() : description,
        owner == null ? found.owner() : owner,
        all);
  }
}
