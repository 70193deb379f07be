package dev.mlops4j.feature;

import dev.mlops4j.data.Floats;
import java.time.Instant;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/**
 * What the views of a feature set gave for one request, for features that are computed of it:
 * {@code .numeric("pace", (flight, found) -> found.number("congestion.departures_1h") /
 * flight.runways())}. Features have the names they have in the set, {@code alias.feature}. For the
 * time of the call.
 */
public final class LookedUp {

  private final Names names;
  private final FeatureValues[] values;

  private LookedUp(Names names, FeatureValues[] values) {
    this.names = names;
    this.values = values;
  }

  /**
   * A looked-up feature as a number, as the vector has it: a BOOLEAN is 0 or 1, and null is NaN.
   *
   * @throws NoSuchFeatureException if no view of the set gives one of this name
   * @throws FeatureDefinitionException if it is a STRING, a TIMESTAMP or an array
   */
  public double number(String name) {
    Place place = names.place(name);
    return values[place.lookup].number(place.feature);
  }

  /**
   * A looked-up feature in its type's Java type, or null.
   *
   * @throws NoSuchFeatureException if no view of the set gives one of this name
   */
  public @Nullable Object value(String name) {
    Place place = names.place(name);
    return values[place.lookup].value(place.feature);
  }

  /**
   * A looked-up array, such as an embedding, or null: {@code .numeric("match", (query, found) ->
   * similarity(found.floats("user.embedding"), found.floats("item.embedding")))}.
   *
   * @throws NoSuchFeatureException if no view of the set gives one of this name
   * @throws FeatureDefinitionException if it is of another type
   */
  public @Nullable Floats floats(String name) {
    Place place = names.place(name);
    return values[place.lookup].floats(place.feature);
  }

  /**
   * The event time of the latest event behind a view's features, as {@link
   * FeatureValues#eventTime()}; for features such as the time since.
   *
   * @throws NoSuchFeatureException if no view is looked up under this alias
   */
  public Optional<Instant> eventTime(String alias) {
    return values[names.lookup(alias)].eventTime();
  }

  private record Place(int lookup, String feature) {}

  /** Where the features of a set's lookups are. Immutable. */
  static final class Names {

    private final String set;
    private final Map<String, Place> places = new HashMap<>();
    private final Map<String, Integer> lookups = new HashMap<>();

    Names(String set, List<? extends SetLookup<?>> of) {
      this.set = set;
      for (int i = 0; i < of.size(); i++) {
        String alias = of.get(i).alias();
        lookups.put(alias, i);
        for (FeatureView.Feature feature : of.get(i).view().features()) {
          places.put(alias + "." + feature.name(), new Place(i, feature.name()));
        }
      }
    }

    LookedUp of(FeatureValues[] values) {
      return new LookedUp(this, values);
    }

    private Place place(String name) {
      Place place = places.get(name);
      if (place == null) {
        throw new NoSuchFeatureException(
            "the views of feature set \"" + set + "\"",
            name,
            places.keySet().stream().sorted().toList());
      }
      return place;
    }

    private int lookup(String alias) {
      Integer lookup = lookups.get(alias);
      if (lookup == null) {
        throw new NoSuchFeatureException(
            "the lookups of feature set \"" + set + "\"",
            alias,
            lookups.keySet().stream().sorted().toList());
      }
      return lookup;
    }
  }
}
