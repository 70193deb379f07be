package dev.mlops4j.feature;

import dev.mlops4j.Digest;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/**
 * What a feature store knows of one version of a view.
 *
 * @param name the view's name
 * @param version the number of this definition among those of its name, from 1
 * @param fingerprint the fingerprint of the definition
 * @param definition the definition as canonical text
 * @param registered when the version was taken up
 * @param description what the view is for, or empty
 * @param owner who answers for the view, or empty
 * @param tags what the view can be found by
 * @param events how many events it has
 * @param lastEvent the latest event time, or null if there is no event
 * @param materialized up to when its source has been taken in, or null if it never was
 */
public record ViewInfo(
    String name,
    int version,
    Digest fingerprint,
    String definition,
    Instant registered,
    String description,
    String owner,
    List<String> tags,
    long events,
    @Nullable Instant lastEvent,
    @Nullable Instant materialized) {

  /** Copies the tags. */
  public ViewInfo {
    tags = List.copyOf(tags);
  }

  /** How old the latest event is at this moment; empty if there is none. */
  public Optional<Duration> freshness(Instant now) {
    return Optional.ofNullable(lastEvent).map(last -> Duration.between(last, now));
  }
}
