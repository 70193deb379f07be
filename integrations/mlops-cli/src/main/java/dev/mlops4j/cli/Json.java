package dev.mlops4j.cli;

import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.JsonNodeFactory;
import com.fasterxml.jackson.databind.node.ObjectNode;
import dev.mlops4j.model.DatasetReference;
import dev.mlops4j.registry.AliasChange;
import dev.mlops4j.registry.GateRequirement;
import dev.mlops4j.registry.HistoryEntry;
import dev.mlops4j.registry.ModelVersion;
import dev.mlops4j.registry.ServingState;
import dev.mlops4j.registry.StageChange;
import dev.mlops4j.registry.VersionComparison;
import dev.mlops4j.registry.VersionDeletion;
import dev.mlops4j.registry.VersionDetails;
import dev.mlops4j.tracking.RunRecord;
import dev.mlops4j.tracking.RunResume;
import dev.mlops4j.workspace.Garbage;
import java.util.List;
import java.util.Map;

/** What the commands know, as JSON. Times are ISO 8601 in UTC; NaN and infinities are texts. */
final class Json {

  private Json() {}

  static ObjectNode object() {
    return JsonNodeFactory.instance.objectNode();
  }

  static ArrayNode array() {
    return JsonNodeFactory.instance.arrayNode();
  }

  static ObjectNode version(ModelVersion version) {
    return object()
        .put("model", version.model())
        .put("version", version.number())
        .put("stage", version.stage().name())
        .put("package", version.packageDigest().hex())
        .put("format", version.format())
        .put("featureSet", version.featureSet())
        .put(
            "featureFingerprint",
            version.featureFingerprint() == null ? null : version.featureFingerprint().hex())
        .put("run", version.runId())
        .put("registeredAt", version.registeredAt().toString());
  }

  static ObjectNode details(VersionDetails details) {
    ObjectNode node = version(details.version());
    node.put("bytes", details.bytes());
    node.put("importedFrom", details.importedFrom());
    ArrayNode inputs = node.putArray("inputs");
    details
        .manifest()
        .signature()
        .inputs()
        .forEach(
            input ->
                inputs
                    .addObject()
                    .put("name", input.name())
                    .put("type", input.type().name())
                    .put("categories", input.categories().size()));
    node.putObject("output")
        .put("name", details.manifest().signature().output().name())
        .put("task", details.manifest().signature().output().task().name());
    node.set("params", texts(details.facts().params()));
    node.set("metrics", numbers(details.facts().metrics()));
    node.set("datasets", datasets(details.datasets()));
    node.set("environment", texts(details.manifest().environment().properties()));
    ObjectNode files = node.putObject("files");
    details.files().forEach(files::put);
    return node;
  }

  static ObjectNode entry(HistoryEntry entry) {
    ObjectNode node =
        object()
            .put("sequence", entry.sequence())
            .put("at", entry.at().toString())
            .put("by", entry.by())
            .put("reason", entry.reason());
    if (entry instanceof StageChange change) {
      node.put("change", change.cause().name())
          .put("version", change.version())
          .put("from", change.from().name())
          .put("to", change.to().name());
      ArrayNode overridden = node.putArray("overridden");
      change.overridden().forEach(overridden::add);
      if (change.gates() == null) {
        node.putNull("gates");
      } else {
        node.set("gates", array(change.gates()));
      }
    } else if (entry instanceof AliasChange change) {
      node.put("change", "ALIAS")
          .put("alias", change.alias())
          .put("from", change.from())
          .put("to", change.to());
    } else if (entry instanceof VersionDeletion deletion) {
      node.put("change", "DELETION")
          .put("version", deletion.version())
          .put("from", deletion.from().name());
    } else if (entry instanceof GateRequirement requirement) {
      node.put("change", "GATES").set("gates", array(requirement.gates()));
    }
    return node;
  }

  static ArrayNode array(List<String> texts) {
    ArrayNode all = array();
    texts.forEach(all::add);
    return all;
  }

  static ArrayNode followers(ServingState state) {
    ArrayNode all = array();
    for (ServingState.Serving serving : state.followers()) {
      all.addObject()
          .put("name", serving.follower().name())
          .put("process", serving.follower().process().toString())
          .put("follows", serving.follower().followed().toString())
          .put("there", serving.there())
          .put("loaded", serving.follower().loaded())
          .put("seenAt", serving.follower().seenAt().toString());
    }
    return all;
  }

  static ArrayNode rows(List<VersionComparison.Row> rows) {
    ArrayNode all = array();
    for (VersionComparison.Row row : rows) {
      all.addObject()
          .put("section", row.section().name())
          .put("key", row.key())
          .put("before", row.before())
          .put("after", row.after());
    }
    return all;
  }

  static ObjectNode run(RunRecord run) {
    ObjectNode node =
        object()
            .put("id", run.id())
            .put("experiment", run.experiment())
            .put("name", run.name())
            .put("status", run.status().name())
            .put("startedAt", run.startedAt().toString())
            .put("endedAt", run.endedAt() == null ? null : run.endedAt().toString())
            .put("deletedAt", run.deletedAt() == null ? null : run.deletedAt().toString())
            .put("parent", run.parentId())
            .put("failure", run.failure())
            .put("notes", run.notes());
    ArrayNode resumes = node.putArray("resumes");
    for (RunResume resume : run.resumes()) {
      resumes
          .addObject()
          .put("at", resume.at().toString())
          .put("before", resume.before().name())
          .put("failure", resume.failure());
    }
    node.set("params", texts(run.params()));
    ObjectNode seeds = node.putObject("seeds");
    run.recipe().seeds().forEach(seeds::put);
    ObjectNode metrics = node.putObject("metrics");
    run.metrics().forEach((key, point) -> number(metrics, key, point.value()));
    node.set("tags", texts(run.tags()));
    node.set("datasets", datasets(run.datasets()));
    ArrayNode artifacts = node.putArray("artifacts");
    run.artifacts()
        .values()
        .forEach(
            artifact ->
                artifacts
                    .addObject()
                    .put("path", artifact.path())
                    .put("kind", artifact.kind().name())
                    .put("digest", artifact.digest().hex())
                    .put("bytes", artifact.bytes()));
    return node;
  }

  static ObjectNode garbage(Garbage garbage) {
    return object()
        .put("artifacts", garbage.artifacts())
        .put("bytes", garbage.bytes())
        .put("referenced", garbage.referenced())
        .put("young", garbage.young())
        .put("deleted", garbage.deleted());
  }

  static ObjectNode texts(Map<String, String> texts) {
    ObjectNode node = object();
    texts.forEach(node::put);
    return node;
  }

  private static ObjectNode numbers(Map<String, Double> numbers) {
    ObjectNode node = object();
    numbers.forEach((key, value) -> number(node, key, value));
    return node;
  }

  private static void number(ObjectNode node, String key, double value) {
    if (Double.isFinite(value)) {
      node.put(key, value);
    } else {
      node.put(key, Double.toString(value));
    }
  }

  private static ArrayNode datasets(List<DatasetReference> datasets) {
    ArrayNode all = array();
    for (DatasetReference dataset : datasets) {
      ObjectNode node =
          all.addObject()
              .put("name", dataset.name())
              .put("role", dataset.role())
              .put("digest", dataset.digest().hex())
              .put("rows", dataset.rows())
              .put("source", dataset.source());
      if (dataset.schema() != null) {
        ObjectNode columns = node.putObject("columns");
        dataset.schema().fields().forEach(each -> columns.put(each.name(), each.type().name()));
      }
    }
    return all;
  }
}
