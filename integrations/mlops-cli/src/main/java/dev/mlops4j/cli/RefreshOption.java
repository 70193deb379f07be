package dev.mlops4j.cli;

import dev.mlops4j.pipeline.PipelineLaunch;
import java.util.ArrayList;
import java.util.List;
import picocli.CommandLine.Option;

/** What of the cache one run does not take. */
final class RefreshOption {

  @Option(
      names = "--refresh",
      paramLabel = "STEP",
      description = "Does this step although its output is cached; may be repeated.")
  private List<String> refreshed = new ArrayList<>();

  @Option(names = "--refresh-all", description = "Does all steps whatever is cached.")
  private boolean refreshesAll;

  /** The launch, with that. */
  PipelineLaunch on(PipelineLaunch launch) {
    PipelineLaunch some = launch.refresh(refreshed.toArray(String[]::new));
    return refreshesAll ? some.refreshAll() : some;
  }
}
