package dev.mlops4j.cli;

import com.fasterxml.jackson.databind.node.ArrayNode;
import dev.mlops4j.registry.ModelInfo;
import dev.mlops4j.registry.ModelVersion;
import dev.mlops4j.registry.Registry;
import dev.mlops4j.registry.ServingState;
import dev.mlops4j.workspace.Workspace;
import picocli.CommandLine.Command;

/** The models of a workspace. */
@Command(
    name = "list",
    mixinStandardHelpOptions = true,
    description =
        "Lists the models: the version in PRODUCTION, how many live followers have loaded it, and"
            + " how many versions there are.")
final class ModelsList extends WorkspaceCommand {

  @Override
  ExitCode run(Workspace opened, Printer printer) {
    Registry registry = Registry.in(opened);
    Table table =
        new Table()
            .words("model")
            .number("production")
            .number("versions")
            .words("followers")
            .words("owner")
            .words("description");
    ArrayNode json = Json.array();
    for (String model : registry.models()) {
      ModelInfo info = registry.model(model);
      ServingState serving = registry.serving(model);
      ModelVersion production = serving.production();
      Integer number = production == null ? null : (Integer) production.number();
      int versions = registry.versions(model).size();
      int followers = serving.followers().size();
      table.row(
          model,
          number == null ? "none" : number,
          versions,
          followers == 0
              ? "none"
              : (followers - serving.lagging().size()) + " of " + followers + " up to date",
          info.owner(),
          info.description());
      json.addObject()
          .put("model", model)
          .put("production", number)
          .put("versions", versions)
          .put("followers", followers)
          .put("upToDate", followers - serving.lagging().size())
          .put("owner", info.owner())
          .put("description", info.description())
          .set("tags", Json.texts(info.tags()));
    }
    if (printer.isJson()) {
      printer.json(json);
    } else if (json.isEmpty()) {
      printer.line("no models");
    } else {
      printer.table(table);
    }
    return ExitCode.DONE;
  }
}
