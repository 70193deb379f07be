package dev.mlops4j.cli;

import com.fasterxml.jackson.databind.node.ArrayNode;
import dev.mlops4j.tracking.Lifecycle;
import dev.mlops4j.tracking.NoSuchRunException;
import dev.mlops4j.tracking.RunQuery;
import dev.mlops4j.tracking.RunRecord;
import dev.mlops4j.tracking.RunSearch;
import dev.mlops4j.tracking.SearchField;
import dev.mlops4j.tracking.Tracking;
import java.util.ArrayList;
import java.util.List;
import java.util.regex.Pattern;

/** Finds runs by what people type. */
final class Runs {

  /** What ids are made of, and nothing that means something else in a pattern. */
  private static final Pattern BEGINNING = Pattern.compile("[A-Za-z0-9.-]{1,64}");

  private Runs() {}

  /**
   * The run of this id, or the only one that is not deleted and whose id begins so.
   *
   * @throws CommandException if there is none or more than one
   */
  static RunRecord find(Tracking tracking, String idOrBeginning) {
    return find(tracking, idOrBeginning, Lifecycle.ACTIVE);
  }

  /**
   * The runs of these ids, or the only ones whose ids begin so, each once.
   *
   * @throws CommandException if there is none or more than one for one of them
   */
  static List<RunRecord> findAll(
      Tracking tracking, List<String> idsOrBeginnings, Lifecycle lifecycle) {
    List<RunRecord> found = new ArrayList<>();
    for (String each : idsOrBeginnings) {
      RunRecord run = find(tracking, each, lifecycle);
      if (found.stream().noneMatch(other -> other.id().equals(run.id()))) {
        found.add(run);
      }
    }
    return found;
  }

  /**
   * A search in experiments that are there.
   *
   * @throws CommandException if one is not
   */
  static RunSearch searchIn(Tracking tracking, List<String> experiments) {
    List<String> known = tracking.experiments();
    for (String experiment : experiments) {
      boolean exists =
          known.contains(experiment)
              || tracking.search(experiment).lifecycle(Lifecycle.ALL).first().isPresent();
      if (!exists) {
        throw new CommandException(
            ExitCode.NOT_FOUND,
            "there is no experiment \"" + experiment + "\", only " + known + "; name one of these");
      }
    }
    return tracking.search(
        experiments.get(0), experiments.subList(1, experiments.size()).toArray(String[]::new));
  }

  static void checkLimit(int limit) {
    if (limit < 1 || limit > RunQuery.MAX_LIMIT) {
      throw new IllegalArgumentException(
          "--limit takes 1 to " + RunQuery.MAX_LIMIT + ", found " + limit);
    }
  }

  /** Says what was done to runs. */
  static void printChanged(List<RunRecord> runs, String what, Printer printer) {
    if (printer.isJson()) {
      ArrayNode json = Json.array();
      runs.forEach(run -> json.add(run.id()));
      printer.json(json);
    } else {
      runs.forEach(run -> printer.line(RunTable.shortId(run) + " " + run.name() + " is " + what));
    }
  }

  private static RunRecord find(Tracking tracking, String idOrBeginning, Lifecycle lifecycle) {
    try {
      return tracking.run(idOrBeginning);
    } catch (NoSuchRunException e) {
      return beginning(tracking, idOrBeginning, lifecycle);
    }
  }

  private static RunRecord beginning(Tracking tracking, String beginning, Lifecycle lifecycle) {
    List<RunRecord> found =
        BEGINNING.matcher(beginning).matches()
            ? tracking
                .searchAll()
                .lifecycle(lifecycle)
                .where(SearchField.runId().like(beginning + "%"))
                .limit(2)
                .page()
                .runs()
            : List.of();
    if (found.size() == 1) {
      return found.get(0);
    }
    throw new CommandException(
        ExitCode.NOT_FOUND,
        found.isEmpty()
            ? "there is no run "
                + (beginning.isEmpty() ? "\"\"" : beginning)
                + "; runs list shows those there are"
            : "several runs begin with \"" + beginning + "\"; give more of the id");
  }
}
