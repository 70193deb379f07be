package dev.mlops4j.cli;

import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import dev.mlops4j.Digest;
import dev.mlops4j.model.DatasetReference;
import dev.mlops4j.model.Signature;
import dev.mlops4j.registry.ModelInfo;
import dev.mlops4j.registry.ModelVersion;
import dev.mlops4j.registry.Registry;
import dev.mlops4j.registry.ServingState;
import dev.mlops4j.registry.VersionDetails;
import dev.mlops4j.workspace.Workspace;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Parameters;

/** All that is known of a model or a version. */
@Command(
    name = "show",
    mixinStandardHelpOptions = true,
    description =
        "Shows a model: what serves now, its versions and aliases; or one version: signature,"
            + " params, metrics, data, environment, files.")
final class ModelsShow extends WorkspaceCommand {

  @Parameters(index = "0", paramLabel = "MODEL", description = "The model's name.")
  @SuppressWarnings("NullAway.Init") // set by picocli
  private String model;

  @Parameters(
      index = "1",
      arity = "0..1",
      paramLabel = "VERSION",
      description = "The version's number, for one version.")
  private @Nullable Integer version;

  @Override
  ExitCode run(Workspace opened, Printer printer) {
    Registry registry = Registry.in(opened);
    if (version == null) {
      showModel(registry, printer);
    } else {
      VersionDetails details = registry.details(registry.version(model, version));
      if (printer.isJson()) {
        printer.json(Json.details(details));
      } else {
        showVersion(details, printer);
      }
    }
    return ExitCode.DONE;
  }

  private void showModel(Registry registry, Printer printer) {
    ModelInfo info = registry.model(model);
    ServingState serving = registry.serving(model);
    ModelVersion production = serving.production();
    if (printer.isJson()) {
      ObjectNode json =
          Json.object()
              .put("model", model)
              .put("owner", info.owner())
              .put("description", info.description())
              .put("production", production == null ? null : (Integer) production.number());
      json.set("tags", Json.texts(info.tags()));
      json.set("requiredGates", Json.array(registry.requiredGates(model)));
      json.set("followers", Json.followers(serving));
      ObjectNode aliases = json.putObject("aliases");
      registry.aliases(model).forEach(aliases::put);
      ArrayNode versions = json.putArray("versions");
      registry.versions(model).forEach(each -> versions.add(Json.version(each)));
      printer.json(json);
      return;
    }
    Table table = new Table().words("").words(model);
    table.row("production", production == null ? "none" : "version " + production.number());
    unlessEmpty(table, "owner", info.owner());
    unlessEmpty(table, "description", info.description());
    info.tags().forEach((key, value) -> table.row("tag " + key, value));
    registry.aliases(model).forEach((alias, to) -> table.row("alias " + alias, "version " + to));
    unlessEmpty(table, "required gates", String.join(", ", registry.requiredGates(model)));
    printer.table(table);
    printer.line("");
    if (serving.followers().isEmpty()) {
      printer.line("no live follower");
    } else {
      printer.table(followers(serving));
    }
    printer.line("");
    printer.table(ModelsVersions.table(registry.versions(model)));
  }

  private static Table followers(ServingState serving) {
    Table table =
        new Table()
            .words("follower")
            .number("loaded")
            .number("there")
            .words("follows")
            .words("process");
    for (ServingState.Serving each : serving.followers()) {
      table.row(
          each.follower().name(),
          each.follower().loaded() == null ? "none" : each.follower().loaded(),
          each.there() == null ? "none" : each.there(),
          each.follower().followed(),
          each.follower().process());
    }
    return table;
  }

  private static void showVersion(VersionDetails details, Printer printer) {
    ModelVersion shown = details.version();
    Signature signature = details.manifest().signature();
    Digest fingerprint = shown.featureFingerprint();
    Table table = new Table().words("").words("").words(shown.label());
    table.row("version", "stage", shown.stage());
    table.row("version", "format", shown.format());
    table.row("version", "registered", shown.registeredAt());
    table.row("version", "package", shown.packageDigest());
    table.row("version", "bytes", details.bytes());
    table.row("version", "run", shown.runId() == null ? "none" : shown.runId());
    if (details.importedFrom() != null) {
      table.row("version", "imported from", details.importedFrom());
    }
    table.row("features", "set", shown.featureSet());
    table.row("features", "fingerprint", fingerprint == null ? "none" : fingerprint);
    table.row("features", "output", signature.output().task() + " " + signature.output().name());
    signature.inputs().forEach(input -> table.row("input", input.name(), input.type()));
    details.facts().params().forEach((key, value) -> table.row("param", key, value));
    details.facts().metrics().forEach((key, value) -> table.row("metric", key, value));
    DatasetReference.properties(details.datasets())
        .forEach((key, value) -> table.row("dataset", key, value));
    details
        .manifest()
        .environment()
        .properties()
        .forEach((key, value) -> table.row("environment", key, value));
    details.files().forEach((path, bytes) -> table.row("file", path, bytes + " bytes"));
    printer.table(table);
  }

  private static void unlessEmpty(Table table, String key, String value) {
    if (!value.isEmpty()) {
      table.row(key, value);
    }
  }
}
