package dev.mlops4j.cli;

import dev.mlops4j.registry.Registry;
import dev.mlops4j.registry.VersionComparison;
import dev.mlops4j.workspace.Workspace;
import java.nio.file.Path;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Option;
import picocli.CommandLine.Parameters;

/** What changed between two versions. */
@Command(
    name = "diff",
    mixinStandardHelpOptions = true,
    description =
        "Shows what changed from one version to another: features, params, metrics, data,"
            + " environment.")
final class ModelsDiff extends WorkspaceCommand {

  @Parameters(index = "0", paramLabel = "MODEL", description = "The model's name.")
  @SuppressWarnings("NullAway.Init") // set by picocli
  private String model;

  @Parameters(index = "1", paramLabel = "VERSION", description = "The one version.")
  private int before;

  @Parameters(index = "2", paramLabel = "VERSION", description = "The other version.")
  private int after;

  @Option(
      names = "--with-model",
      paramLabel = "MODEL",
      description = "The other version's model, if it is another.")
  private @Nullable String otherModel;

  @Option(names = "--markdown", description = "Answers with a table of Markdown.")
  private boolean markdown;

  @Option(
      names = "--html",
      paramLabel = "FILE.html",
      description = "Writes one page with a table, also of what is the same, in place of the file.")
  private @Nullable Path html;

  @Override
  ExitCode run(Workspace opened, Printer printer) {
    Registry registry = Registry.in(opened);
    VersionComparison comparison =
        registry.explain(
            registry.version(model, before),
            registry.version(otherModel == null ? model : otherModel, after));
    if (html != null) {
      HtmlFile.write(html, comparison.toHtml());
      printer.line(
          comparison.before().version().label()
              + " and "
              + comparison.after().version().label()
              + " compared in "
              + html);
    } else if (printer.isJson()) {
      printer.json(Json.rows(comparison.differences()));
    } else if (markdown) {
      printer.text(comparison.toMarkdown());
    } else {
      printer.text(comparison.toText(printer.width()));
    }
    return ExitCode.DONE;
  }
}
