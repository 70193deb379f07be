package dev.mlops4j.cli;

import com.fasterxml.jackson.databind.node.ObjectNode;
import dev.mlops4j.registry.ModelDescription;
import dev.mlops4j.registry.ModelInfo;
import dev.mlops4j.registry.Registry;
import dev.mlops4j.workspace.Workspace;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Option;
import picocli.CommandLine.Parameters;

/** Says what a model is for. */
@Command(
    name = "describe",
    mixinStandardHelpOptions = true,
    description = "Sets a model's description, owner and tags; what is not given stays.")
final class ModelsDescribe extends WorkspaceCommand {

  @Parameters(paramLabel = "MODEL", description = "The model's name.")
  @SuppressWarnings("NullAway.Init") // set by picocli
  private String model;

  @Option(names = "--description", paramLabel = "TEXT", description = "What it is for.")
  private @Nullable String description;

  @Option(names = "--owner", paramLabel = "WHO", description = "Who answers for it.")
  private @Nullable String owner;

  @Option(names = "--tag", paramLabel = "KEY=VALUE", description = "Sets a tag; repeatable.")
  private Map<String, String> tags = Map.of();

  @Option(names = "--without-tag", paramLabel = "KEY", description = "Takes a tag away.")
  private List<String> without = List.of();

  @Override
  ExitCode run(Workspace opened, Printer printer) {
    ModelDescription change = Registry.in(opened).describe(model);
    if (description != null) {
      change.description(description);
    }
    if (owner != null) {
      change.owner(owner);
    }
    tags.forEach(change::tag);
    without.forEach(change::withoutTag);
    ModelInfo now = change.commit();
    if (printer.isJson()) {
      ObjectNode json =
          Json.object()
              .put("model", model)
              .put("description", now.description())
              .put("owner", now.owner());
      json.set("tags", Json.texts(now.tags()));
      printer.json(json);
    } else {
      printer.line(model + " is described");
    }
    return ExitCode.DONE;
  }
}
