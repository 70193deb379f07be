package dev.mlops4j.cli;

import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import dev.mlops4j.feature.FeatureStore;
import dev.mlops4j.feature.SetInfo;
import dev.mlops4j.feature.ViewInfo;
import dev.mlops4j.registry.ModelVersion;
import dev.mlops4j.registry.Registry;
import dev.mlops4j.workspace.Workspace;
import java.util.List;
import picocli.CommandLine.Command;
import picocli.CommandLine.Parameters;

/** One feature view or set. */
@Command(
    name = "show",
    mixinStandardHelpOptions = true,
    description =
        "Shows the versions of a feature view or set: definition, owner, and the model versions"
            + " trained on it.")
final class FeaturesShow extends WorkspaceCommand {

  @Parameters(paramLabel = "NAME", description = "The view's or set's name.")
  @SuppressWarnings("NullAway.Init") // set by picocli
  private String name;

  @Override
  ExitCode run(Workspace opened, Printer printer) {
    FeatureStore store = FeatureStore.in(opened);
    Registry registry = Registry.in(opened);
    List<ViewInfo> views = store.views().stream().filter(view -> view.name().equals(name)).toList();
    List<SetInfo> sets = store.sets().stream().filter(set -> set.name().equals(name)).toList();
    if (views.isEmpty() && sets.isEmpty()) {
      throw new CommandException(
          ExitCode.NOT_FOUND,
          "there is no feature view or set \"" + name + "\"; features list shows those there are");
    }
    if (printer.isJson()) {
      ArrayNode json = Json.array();
      views.forEach(view -> json.add(FeaturesList.view(view)));
      sets.forEach(set -> json.add(withModels(set, registry)));
      printer.json(json);
      return ExitCode.DONE;
    }
    for (ViewInfo view : views) {
      printer.table(table(view));
      definition(view.definition(), printer);
    }
    for (SetInfo set : sets) {
      printer.table(table(set, registry));
      definition(set.definition(), printer);
    }
    return ExitCode.DONE;
  }

  private static void definition(String definition, Printer printer) {
    definition.lines().forEach(line -> printer.line("  " + line));
    printer.line("");
  }

  private static Table table(ViewInfo view) {
    return new Table()
        .words("view " + view.name())
        .words("version " + view.version())
        .row("fingerprint", view.fingerprint())
        .row("registered", view.registered())
        .row("events", view.events())
        .row("latest event", view.lastEvent())
        .row("materialized", view.materialized())
        .row("owner", view.owner())
        .row("description", view.description())
        .row("tags", String.join(", ", view.tags()));
  }

  private static Table table(SetInfo set, Registry registry) {
    return new Table()
        .words("set " + set.name())
        .words("version " + set.version())
        .row("fingerprint", set.fingerprint())
        .row("registered", set.registered())
        .row("owner", set.owner())
        .row("description", set.description())
        .row(
            "models",
            String.join(
                ", ",
                registry.versionsUsing(set.fingerprint()).stream()
                    .map(ModelVersion::label)
                    .toList()));
  }

  private static ObjectNode withModels(SetInfo set, Registry registry) {
    ObjectNode node = FeaturesList.set(set);
    ArrayNode models = node.putArray("models");
    registry.versionsUsing(set.fingerprint()).forEach(each -> models.add(each.label()));
    return node;
  }
}
