package dev.mlops4j.feature;

import dev.mlops4j.Digest;
import dev.mlops4j.data.Timestamps;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.Comparator;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.function.BiConsumer;
import java.util.function.Consumer;
import java.util.function.Supplier;
import org.jspecify.annotations.Nullable;

/** The history of a feature store that lives as long as its process. */
final class InMemoryHistory implements History {

  private final InMemoryOnlineStore events = new InMemoryOnlineStore();

  /** Guarded by itself. */
  private final Map<FeatureView, Version> versions = new LinkedHashMap<>();

  /** Guarded by {@link #versions}. */
  private final List<SetInfo> sets = new ArrayList<>();

  private record Version(
      FeatureView view, int number, long registered, long watermark, List<Erasure> erasures) {

    Version with(FeatureView described) {
      return new Version(described, number, registered, watermark, erasures);
    }

    Version upTo(long moved) {
      return new Version(view, number, registered, moved, erasures);
    }
  }

  @Override
  public boolean contains(FeatureView view) {
    synchronized (versions) {
      if (versions.containsKey(view)) {
        return true;
      }
      last(view.name())
          .ifPresent(
              last -> {
                throw new FeatureDefinitionChangedException(
                    view.name(),
                    ViewDefinition.difference(last.view.definition(), view.definition()));
              });
      return false;
    }
  }

  @Override
  public void define(FeatureView view, long now) {
    synchronized (versions) {
      if (!contains(view)) {
        register(view, now);
      }
    }
  }

  @Override
  public int register(FeatureView view, long now) {
    synchronized (versions) {
      Version known = versions.get(view);
      if (known != null) {
        versions.put(view, known.with(view));
        return known.number;
      }
      int number = last(view.name()).map(last -> last.number).orElse(0) + 1;
      versions.put(view, new Version(view, number, now, Long.MIN_VALUE, new ArrayList<>()));
      return number;
    }
  }

  @Override
  public List<ViewInfo> views() {
    synchronized (versions) {
      return versions.values().stream()
          .sorted(
              Comparator.comparing((Version version) -> version.view.name())
                  .thenComparing(Version::number))
          .map(this::info)
          .toList();
    }
  }

  @Override
  public void registerSet(SetInfo set) {
    synchronized (versions) {
      List<SetInfo> named = sets.stream().filter(one -> one.name().equals(set.name())).toList();
      if (named.stream().noneMatch(one -> one.fingerprint().equals(set.fingerprint()))) {
        sets.add(set.numbered(named.size() + 1));
      }
    }
  }

  @Override
  public List<SetInfo> sets() {
    synchronized (versions) {
      return sets.stream()
          .sorted(Comparator.comparing(SetInfo::name).thenComparing(SetInfo::version))
          .toList();
    }
  }

  private ViewInfo info(Version version) {
    long[] found = {0, Long.MIN_VALUE};
    events.forEachKey(
        version.view,
        (key, ascending) -> {
          found[0] += ascending.size();
          if (!ascending.isEmpty()) {
            found[1] = Math.max(found[1], ascending.get(ascending.size() - 1).eventTime());
          }
        });
    FeatureView view = version.view;
    return new ViewInfo(
        view.name(),
        version.number,
        view.fingerprint(),
        view.definition(),
        Timestamps.fromMicros(version.registered),
        view.description(),
        view.owner(),
        List.copyOf(view.tags()),
        found[0],
        found[0] == 0 ? null : Timestamps.fromMicros(found[1]),
        version.watermark == Long.MIN_VALUE ? null : Timestamps.fromMicros(version.watermark));
  }

  @Override
  public int erase(String view, Digest version, EntityKey key) {
    return events.erase(view, version, key);
  }

  @Override
  public List<ViewVersion> versions(String view) {
    synchronized (versions) {
      return versions.keySet().stream()
          .filter(version -> version.name().equals(view))
          .map(version -> new ViewVersion(view, version.fingerprint(), version.definition()))
          .toList();
    }
  }

  @Override
  public int eraseRecorded(ViewVersion version, EntityKey key, long now) {
    int erased = events.erase(version.view(), version.fingerprint(), key);
    recordErasure(version, key, erased, now);
    return erased;
  }

  @Override
  public void recordErasure(ViewVersion version, EntityKey key, int erased, long now) {
    Erasure erasure = new Erasure(Timestamps.fromMicros(now), erased, Digest.of(key.toBytes()));
    synchronized (versions) {
      versions.values().stream()
          .filter(known -> known.view.fingerprint().equals(version.fingerprint()))
          .forEach(known -> known.erasures.add(erasure));
    }
  }

  @Override
  public void removeTraces() {
    // The heap has none that anyone could read.
  }

  @Override
  public List<Erasure> erasures(FeatureView view) {
    synchronized (versions) {
      return List.copyOf(version(view).erasures);
    }
  }

  @Override
  public int discardBefore(ViewVersion version, long eventTime) {
    return events.discardBefore(version, eventTime);
  }

  @Override
  public long watermark(FeatureView view) {
    synchronized (versions) {
      return version(view).watermark;
    }
  }

  @Override
  public int addUpTo(
      FeatureView view, List<? extends Iterable<FeatureEvent>> batches, long watermark) {
    List<FeatureEvent> all = new ArrayList<>();
    batches.forEach(batch -> batch.forEach(all::add));
    int count = events.add(view, all);
    if (watermark != Long.MIN_VALUE) {
      synchronized (versions) {
        versions.put(view, version(view).upTo(watermark));
      }
    }
    return count;
  }

  @Override
  public void addTo(EventIndex.Builder index, FeatureView view) {
    events.forEachKey(view, (key, ascending) -> ascending.forEach(index::add));
  }

  @Override
  public void forEachKey(FeatureView view, BiConsumer<EntityKey, List<FeatureEvent>> keys) {
    events.forEachKey(view, keys);
  }

  @Override
  public void visitKeys(FeatureView view, Consumer<EntityKey> keys) {
    events.visitKeys(view, keys);
  }

  @Override
  public void visitKeysAfter(FeatureView view, @Nullable EntityKey last, Consumer<EntityKey> keys) {
    List<EntityKey> sorted = new ArrayList<>();
    events.visitKeys(view, sorted::add);
    sorted.sort((one, other) -> Arrays.compareUnsigned(one.toBytes(), other.toBytes()));
    sorted.stream()
        .filter(key -> last == null || Arrays.compareUnsigned(key.toBytes(), last.toBytes()) > 0)
        .forEach(keys);
  }

  @Override
  public Optional<FeatureEvent> push(FeatureView view, Supplier<FeatureEvent> event) {
    return events.push(view, event);
  }

  @Override
  public int add(FeatureView view, Iterable<FeatureEvent> added) {
    return events.add(view, added);
  }

  @Override
  public long scan(FeatureView view, EntityKey key, long latest, Visitor visitor) {
    return events.scan(view, key, latest, visitor);
  }

  @Override
  public long scan(FeatureView view, EntityKey key, Reader reader) {
    return events.scan(view, key, reader);
  }

  @Override
  public void listen(Listener listener) {
    events.listen(listener);
  }

  @Override
  public void ignore(Listener listener) {
    events.ignore(listener);
  }

  @Override
  public void bringUp(FeatureView view, EntityKey key, Iterable<FeatureEvent> added, long horizon) {
    events.bringUp(view, key, added, horizon);
  }

  @Override
  public boolean discard(FeatureView view, EntityKey key, Position firstKept, long horizon) {
    return events.discard(view, key, firstKept, horizon);
  }

  @Override
  public void close() {
    events.close();
  }

  private Version version(FeatureView view) {
    Version found = versions.get(view);
    if (found == null) {
      throw new NoSuchFeatureViewException(view.name());
    }
    return found;
  }

  private Optional<Version> last(String name) {
    @Nullable Version last = null;
    for (Version version : versions.values()) {
      if (version.view.name().equals(name) && (last == null || version.number > last.number)) {
        last = version;
      }
    }
    return Optional.ofNullable(last);
  }
}
