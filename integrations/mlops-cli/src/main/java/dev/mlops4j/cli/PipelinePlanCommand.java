package dev.mlops4j.cli;

import dev.mlops4j.pipeline.PipelineLaunch;
import dev.mlops4j.pipeline.PipelinePlan;
import dev.mlops4j.workspace.Workspace;
import java.nio.file.Path;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Option;
import picocli.CommandLine.Parameters;

/** What a run of a pipeline would do. */
@Command(
    name = "plan",
    mixinStandardHelpOptions = true,
    description = "Says what a run would do, without doing it: which steps are cached, why not.")
final class PipelinePlanCommand extends WorkspaceCommand {

  @Parameters(arity = "0..1", paramLabel = "NAME", description = "The pipeline's name.")
  private @Nullable String name;

  @Mixin
  @SuppressWarnings("NullAway.Init") // set by picocli
  private PipelineOption pipeline;

  @Mixin
  @SuppressWarnings("NullAway.Init") // set by picocli
  private RefreshOption refresh;

  @Option(names = "--step", paramLabel = "STEP", description = "Plans this step alone.")
  private @Nullable String step;

  @Option(names = "--mermaid", description = "Answers with the graph in Mermaid.")
  private boolean mermaid;

  @Option(names = "--html", paramLabel = "FILE", description = "Also writes a page of HTML.")
  private @Nullable Path html;

  @Override
  ExitCode run(Workspace opened, Printer printer) {
    return pipeline.with(name, opened, launch -> plan(refresh.on(launch), printer));
  }

  private ExitCode plan(PipelineLaunch launch, Printer printer) {
    PipelinePlan plan = (step == null ? launch : launch.only(step)).plan();
    if (html != null) {
      HtmlFile.write(html, plan.toHtml());
    }
    if (mermaid) {
      printer.text(plan.toMermaid());
    } else {
      PipelineAnswer.print(plan, printer);
    }
    return ExitCode.DONE;
  }
}
