package dev.mlops4j.testkit;

import dev.mlops4j.tracking.EndedRun;
import dev.mlops4j.tracking.MetricPoint;
import dev.mlops4j.tracking.RunRecord;
import dev.mlops4j.tracking.TrackingStore;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.lang.reflect.Proxy;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.SortedMap;
import java.util.TreeMap;

/** Of a store what an import needs, without a database. */
final class RunsInMemory {

  private final Map<String, RunRecord> runs = new LinkedHashMap<>();
  private final Map<String, SortedMap<String, List<MetricPoint>>> series = new LinkedHashMap<>();

  boolean isEmpty() {
    return runs.isEmpty();
  }

  TrackingStore store() {
    return (TrackingStore)
        Proxy.newProxyInstance(
            TrackingStore.class.getClassLoader(),
            new Class<?>[] {TrackingStore.class},
            (proxy, method, args) ->
                switch (method.getName()) {
                  case "find" -> Optional.ofNullable(runs.get((String) args[0]));
                  case "series" -> series.get((String) args[0]).get((String) args[1]);
                  case "add" -> add((List<?>) args[0]);
                  default -> throw new AssertionError("an import does not " + method.getName());
                });
  }

  private Object add(List<?> added) {
    added.forEach(run -> add((EndedRun) run));
    return null;
  }

  private void add(EndedRun ended) {
    RunRecord run = ended.run();
    SortedMap<String, List<MetricPoint>> points = new TreeMap<>();
    try {
      ended
          .points()
          .<RuntimeException>read(
              some ->
                  points.computeIfAbsent(some.get(0).key(), key -> new ArrayList<>()).addAll(some));
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
    SortedMap<String, MetricPoint> latest = new TreeMap<>();
    points.forEach(
        (key, all) -> {
          all.sort(Comparator.comparing(MetricPoint::step).thenComparing(MetricPoint::time));
          latest.put(key, all.get(all.size() - 1));
        });
    series.put(run.id(), points);
    runs.put(
        run.id(),
        new RunRecord(
            run.start(),
            run.status(),
            run.seenAt(),
            run.endedAt(),
            run.failure(),
            null,
            run.params(),
            latest,
            run.tags(),
            run.datasets(),
            run.artifacts(),
            run.notes(),
            run.resumes()));
  }
}
