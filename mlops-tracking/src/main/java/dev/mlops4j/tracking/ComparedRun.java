package dev.mlops4j.tracking;

import dev.mlops4j.MlopsException;
import dev.mlops4j.model.Manifest;
import dev.mlops4j.workspace.Artifacts;
import java.util.SortedMap;
import java.util.TreeMap;

/** What a comparison needs of a run: the series are summed up, of models the manifests are read. */
record ComparedRun(
    RunRecord run, SortedMap<String, MetricSeries> series, SortedMap<String, String> models) {

  private static final String DEFAULT_PATH = "model";

  static ComparedRun read(RunRecord run, TrackingStore store, Artifacts artifacts) {
    SortedMap<String, MetricSeries> series = new TreeMap<>();
    for (String key : run.metrics().keySet()) {
      series.put(key, MetricSeries.of(store.series(run.id(), key)));
    }
    SortedMap<String, String> models = new TreeMap<>();
    for (RunArtifact artifact : run.artifacts().values()) {
      if (artifact.kind() == RunArtifact.Kind.MODEL) {
        String prefix = artifact.path().equals(DEFAULT_PATH) ? "" : artifact.path() + ": ";
        models(artifact, artifacts).forEach((key, value) -> models.put(prefix + key, value));
      }
    }
    return new ComparedRun(run, series, models);
  }

  /** One model that is lost or damaged does not hide all the rest. */
  private static SortedMap<String, String> models(RunArtifact artifact, Artifacts artifacts) {
    SortedMap<String, String> properties = new TreeMap<>();
    try {
      Manifest manifest = Manifest.read(artifacts.readFile(artifact.digest(), Manifest.PATH));
      properties.putAll(manifest.properties());
      manifest
          .signature()
          .inputProperties()
          .forEach((input, value) -> properties.put("input " + input, value));
    } catch (MlopsException e) {
      properties.put("format", "cannot be read: " + e.getMessage());
    }
    return properties;
  }
}
