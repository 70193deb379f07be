package dev.mlops4j.feature;

import dev.mlops4j.Digest;
import dev.mlops4j.data.ColumnType;
import dev.mlops4j.data.Field;
import java.time.Duration;
import java.util.Collections;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;

/**
 * What is known about an entity over time: events with a key, a time and values, and the features
 * taken from them. Immutable, safe for any number of threads.
 *
 * <pre>{@code
 * FeatureView weather = FeatureView.named("weather")
 *     .key("origin", STRING).eventTime("observed_at")
 *     .feature("wind_speed", FLOAT64)
 *     .ttl(Duration.ofHours(3))
 *     .availableAfter(Duration.ofMinutes(15))
 *     .build();
 * }</pre>
 *
 * <p>An event is visible at t from its activation on: the later of event time plus {@link
 * Builder#availableAfter} and the time it was known. A feature that is a column is taken from the
 * visible event of the latest event time (ties: the latest known, then the greatest event id); if
 * that one is older than the ttl, the value is null and STALE. A feature that is an {@link
 * Aggregation} is computed over the visible events of its window, whatever the ttl. A view may have
 * features of both kinds.
 *
 * <p>With the view above, an event of 12:00 that came in on time:
 *
 * <pre>
 *   12:00          12:15                            15:00
 *   ──●──────────────├────────────────────────────────┤──────────▶
 *     observed_at    │                                │
 *       MISSING      │  PRESENT: 12:15 and 15:00 are  │  STALE
 *                    event time + availableAfter      event time + ttl
 * </pre>
 *
 * <p>A later event takes its place from its own activation on, not from its event time. With a
 * {@link Builder#knownTime} of 12:40, this one is visible from 12:40 on.
 */
public final class FeatureView {

  private final String name;
  private final List<Field> keys;
  private final String eventTime;
  private final Duration availableAfter;
  private final @Nullable String knownTime;
  private final @Nullable String eventId;
  private final @Nullable Duration ttl;
  private final @Nullable Duration retention;
  private final List<Field> columns;
  private final List<Feature> features;
  private final String description;
  private final String owner;
  private final Set<String> tags;
  private final String definition;
  private final Digest fingerprint;

  FeatureView(FeatureViewBuilder builder, List<Feature> features) {
    this.name = builder.name;
    this.keys = List.copyOf(builder.keys);
    this.eventTime = builder.eventTimeOrThrow();
    this.availableAfter = builder.availableAfter;
    this.knownTime = builder.knownTime;
    this.eventId = builder.eventId;
    this.ttl = builder.ttl;
    this.retention = builder.retention;
    this.columns = List.copyOf(builder.columns);
    this.features = List.copyOf(features);
    this.description = builder.description;
    this.owner = builder.owner;
    this.tags = new LinkedHashSet<>(builder.tags);
    this.definition = ViewDefinition.of(this);
    this.fingerprint = Digest.of(definition);
  }

  /** Starts a view of this name, which is unique in a feature store. */
  public static Builder named(String name) {
    return new FeatureViewBuilder(name);
  }

  /** This view under another name; see {@link AliasedView}. */
  public AliasedView as(String alias) {
    return new AliasedView(this, alias);
  }

  /** The name, unique in a feature store. */
  public String name() {
    return name;
  }

  /** The columns of the key, in order. */
  public List<Field> keys() {
    return keys;
  }

  /** The column of the event time. */
  public String eventTime() {
    return eventTime;
  }

  /** How long after its event time an event can be known at the earliest. */
  public Duration availableAfter() {
    return availableAfter;
  }

  /** The column of the time at which an event was known, if the data has one. */
  public Optional<String> knownTime() {
    return Optional.ofNullable(knownTime);
  }

  /** The column that identifies an event within the view, if the data has one. */
  public Optional<String> eventId() {
    return Optional.ofNullable(eventId);
  }

  /** How old the latest event may be to count; empty means that nothing is stale. */
  public Optional<Duration> ttl() {
    return Optional.ofNullable(ttl);
  }

  /** How old an event may be to be seen at all; empty means without end. */
  public Optional<Duration> retention() {
    return Optional.ofNullable(retention);
  }

  /** What an event carries: the features that are columns, and the other columns, as declared. */
  public List<Field> columns() {
    return columns;
  }

  /** The features, in the order of their declaration. */
  public List<Feature> features() {
    return features;
  }

  /** What the view is for; empty if that is not stated. */
  public String description() {
    return description;
  }

  /** Who answers for the view; empty if that is not stated. */
  public String owner() {
    return owner;
  }

  /** What the view can be found by, in the order of their declaration. */
  public Set<String> tags() {
    return Collections.unmodifiableSet(tags);
  }

  /** The names of the columns, of the key as well, whose values are not to be told. */
  public Set<String> sensitive() {
    return Stream.concat(keys.stream(), columns.stream())
        .filter(Field::sensitive)
        .map(Field::name)
        .collect(Collectors.toUnmodifiableSet());
  }

  /** The length of the widest window, or empty if no feature has one. */
  public Optional<Duration> widestWindow() {
    return features.stream()
        .map(Feature::aggregation)
        .flatMap(Optional::stream)
        .map(Aggregation::window)
        .max(Duration::compareTo);
  }

  /**
   * The definition as canonical text, one line an item: what {@link #fingerprint()} is taken of.
   */
  public String definition() {
    return definition;
  }

  /** The SHA-256 of {@link #definition()}: the same on every machine for the same definition. */
  public Digest fingerprint() {
    return fingerprint;
  }

  int column(String column) {
    for (int i = 0; i < columns.size(); i++) {
      if (columns.get(i).name().equals(column)) {
        return i;
      }
    }
    return -1;
  }

  /** Views are equal if their definitions are. */
  @Override
  public boolean equals(@Nullable Object other) {
    return this == other
        || (other instanceof FeatureView that && fingerprint.equals(that.fingerprint));
  }

  @Override
  public int hashCode() {
    return fingerprint.hashCode();
  }

  @Override
  public String toString() {
    return "FeatureView " + name;
  }

  /**
   * A feature of a view.
   *
   * @param name unique in the view
   * @param type what its values are
   * @param window what it computes over a window, or null if it is the latest event's column
   * @param defaultValue what it is where it is missing or stale, or null for null; a null that was
   *     stored stays null
   */
  public record Feature(
      String name, ColumnType type, @Nullable Aggregation window, @Nullable Object defaultValue) {

    /** What it computes over a window; empty if it is the latest event's column. */
    public Optional<Aggregation> aggregation() {
      return Optional.ofNullable(window);
    }
  }

  /** Collects a definition. Not safe for use by several threads. */
  public sealed interface Builder permits FeatureViewBuilder {

    /** Adds a column to the key: STRING, INT64 or BOOLEAN. Called several times, in order. */
    Builder key(String column, ColumnType type);

    /** The column of the event time, a TIMESTAMP. */
    Builder eventTime(String column);

    /** How long after its event time an event is known at the earliest; zero unless stated. */
    Builder availableAfter(Duration delay);

    /**
     * The column of the time at which an event was known, a TIMESTAMP. A pushed event is known at
     * the moment of the push all the same.
     */
    Builder knownTime(String column);

    /**
     * The column that identifies an event within the view, STRING or INT64. Unless stated, an event
     * of a dataset is identified by the dataset's digest and its row, and every push is an event of
     * its own.
     */
    Builder eventId(String column);

    /**
     * How old the latest event may be to count, its exact age included; unlimited unless stated.
     */
    Builder ttl(Duration ttl);

    /**
     * How old an event may be, now, to be seen at all, by lookups and by training sets and about
     * whatever moment they ask; its exact age included, unlimited unless stated. So an answer does
     * not depend on whether {@link FeatureStore#removeBeyondRetention} was called meanwhile.
     */
    Builder retention(Duration retention);

    /** Adds a feature that is a column of the latest event. */
    Builder feature(String column, ColumnType type);

    /** Adds a feature that is computed over a window. */
    Builder feature(String name, Aggregation aggregation);

    /** Adds a column that events carry but that is no feature itself, for windows. */
    Builder column(String column, ColumnType type);

    /**
     * What a feature that is a column is where it is missing or stale; null unless stated. A null
     * that was stored stays null.
     *
     * @param value in the Java type of the feature's type; an int or long will do for FLOAT64, an
     *     int for INT64, a float[] for an array
     */
    Builder defaultValue(String feature, Object value);

    /**
     * That a column's values are not to be told: it can be no feature, and of windows only counts
     * can be taken of it. A sensitive key does not appear in messages; a feature set that looks it
     * up keeps no requests as golden rows unless they mark what is sensitive in them.
     */
    Builder sensitive(String column);

    /** What the view is for, for people; no part of the definition. */
    Builder description(String description);

    /** Who answers for the view; no part of the definition. */
    Builder owner(String owner);

    /** A tag to find the view by; no part of the definition. Called several times. */
    Builder tag(String tag);

    /**
     * The view.
     *
     * @throws FeatureDefinitionException with all that is wrong in one message
     */
    FeatureView build();
  }
}
