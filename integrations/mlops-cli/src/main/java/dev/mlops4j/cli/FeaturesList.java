package dev.mlops4j.cli;

import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import dev.mlops4j.feature.FeatureStore;
import dev.mlops4j.feature.SetInfo;
import dev.mlops4j.feature.ViewInfo;
import dev.mlops4j.workspace.Workspace;
import java.time.Instant;
import java.util.List;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Command;

/** The feature views and sets of a workspace. */
@Command(
    name = "list",
    mixinStandardHelpOptions = true,
    description = "Lists the versions of feature views with their freshness, and of feature sets.")
final class FeaturesList extends WorkspaceCommand {

  @Override
  ExitCode run(Workspace opened, Printer printer) {
    FeatureStore store = FeatureStore.in(opened);
    List<ViewInfo> views = store.views();
    List<SetInfo> sets = store.sets();
    if (printer.isJson()) {
      printer.json(json(views, sets));
    } else if (views.isEmpty() && sets.isEmpty()) {
      printer.line("no feature views and no feature sets");
    } else {
      printer.table(table(views, sets, opened.clock().instant()));
    }
    return ExitCode.DONE;
  }

  private static Table table(List<ViewInfo> views, List<SetInfo> sets, Instant now) {
    Table table =
        new Table()
            .words("name")
            .words("kind")
            .number("version")
            .number("events")
            .words("latest event")
            .words("owner")
            .words("description")
            .words("fingerprint");
    for (ViewInfo view : views) {
      table.row(
          view.name(),
          "view",
          view.version(),
          view.events(),
          latest(view, now),
          view.owner(),
          view.description(),
          view.fingerprint().shortHex());
    }
    for (SetInfo set : sets) {
      table.row(
          set.name(),
          "set",
          set.version(),
          null,
          null,
          set.owner(),
          set.description(),
          set.fingerprint().shortHex());
    }
    return table;
  }

  private static String latest(ViewInfo view, Instant now) {
    @Nullable Instant last = view.lastEvent();
    return last == null
        ? "none"
        : last + view.freshness(now).map(age -> ", " + age.toHours() + " h ago").orElse("");
  }

  private static ObjectNode json(List<ViewInfo> views, List<SetInfo> sets) {
    ObjectNode json = Json.object();
    ArrayNode viewNodes = json.putArray("views");
    views.forEach(view -> viewNodes.add(view(view)));
    ArrayNode setNodes = json.putArray("sets");
    sets.forEach(set -> setNodes.add(set(set)));
    return json;
  }

  static ObjectNode view(ViewInfo view) {
    ObjectNode node =
        Json.object()
            .put("name", view.name())
            .put("version", view.version())
            .put("fingerprint", view.fingerprint().hex())
            .put("registeredAt", view.registered().toString())
            .put("events", view.events())
            .put("lastEvent", view.lastEvent() == null ? null : view.lastEvent().toString())
            .put(
                "materialized", view.materialized() == null ? null : view.materialized().toString())
            .put("owner", view.owner())
            .put("description", view.description())
            .put("definition", view.definition());
    ArrayNode tags = node.putArray("tags");
    view.tags().forEach(tags::add);
    return node;
  }

  static ObjectNode set(SetInfo set) {
    ObjectNode node =
        Json.object()
            .put("name", set.name())
            .put("version", set.version())
            .put("fingerprint", set.fingerprint().hex())
            .put("registeredAt", set.registered().toString())
            .put("owner", set.owner())
            .put("description", set.description())
            .put("definition", set.definition());
    ArrayNode views = node.putArray("views");
    set.views().forEach(view -> views.add(view.hex()));
    return node;
  }
}
