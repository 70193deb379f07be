package dev.mlops4j.cli;

import dev.mlops4j.pipeline.PipelineReport;
import dev.mlops4j.tracking.Tracking;
import dev.mlops4j.workspace.Workspace;
import java.nio.file.Path;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Option;
import picocli.CommandLine.Parameters;

/** How a run of a pipeline went. */
@Command(
    name = "show",
    mixinStandardHelpOptions = true,
    description = "Shows a run of a pipeline: its steps, their status and time.")
final class PipelineShow extends WorkspaceCommand {

  @Parameters(paramLabel = "RUN", description = "The run's id, or the beginning of it.")
  @SuppressWarnings("NullAway.Init") // set by picocli
  private String id;

  @Option(names = "--mermaid", description = "Answers with the graph in Mermaid.")
  private boolean mermaid;

  @Option(names = "--html", paramLabel = "FILE", description = "Also writes a page of HTML.")
  private @Nullable Path html;

  @Override
  ExitCode run(Workspace opened, Printer printer) {
    Tracking tracking = Tracking.in(opened);
    PipelineReport report = PipelineReport.read(tracking, Runs.find(tracking, id).id());
    if (html != null) {
      HtmlFile.write(html, report.toHtml());
    }
    if (mermaid) {
      printer.text(report.toMermaid());
    } else {
      PipelineAnswer.print(report, printer);
    }
    return ExitCode.DONE;
  }
}
