package dev.mlops4j.cli;

import dev.mlops4j.tracking.NoSuchRunException;
import dev.mlops4j.tracking.RunRecord;
import dev.mlops4j.tracking.Tracking;
import java.util.List;

/** Finds runs by what people type. */
final class Runs {

  private Runs() {}

  /**
   * The run of this id, or the only one whose id begins so.
   *
   * @throws CommandException if there is none or more than one
   */
  static RunRecord find(Tracking tracking, String idOrBeginning) {
    try {
      return tracking.run(idOrBeginning);
    } catch (NoSuchRunException e) {
      return beginning(tracking, idOrBeginning);
    }
  }

  private static RunRecord beginning(Tracking tracking, String beginning) {
    List<RunRecord> found =
        tracking.experiments().stream()
            .flatMap(experiment -> tracking.runs(experiment).stream())
            .filter(run -> run.id().startsWith(beginning))
            .toList();
    if (found.size() == 1) {
      return found.get(0);
    }
    throw new CommandException(
        ExitCode.NOT_FOUND,
        found.isEmpty()
            ? "there is no run " + beginning + "; runs list shows those there are"
            : found.size() + " runs begin with \"" + beginning + "\"; give more of the id");
  }
}
