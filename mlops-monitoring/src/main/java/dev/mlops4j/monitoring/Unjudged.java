package dev.mlops4j.monitoring;

import dev.mlops4j.MlopsException;
import dev.mlops4j.report.Printable;
import java.util.HashSet;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * What is said of windows that could not be judged. Without it a monitor that judges nothing would
 * be as quiet as one that finds nothing.
 */
final class Unjudged {

  private static final Logger LOG = LoggerFactory.getLogger(Monitor.class);

  /** What stands for the column of the alert. */
  static final String COLUMN = "(all columns)";

  private Unjudged() {}

  /**
   * The alert of a window of which nothing could be judged, by itself and in any span. None of
   * models outside the registry: of these nothing ever can, and who uses one knows.
   *
   * @param spans those that end with it and are reported
   */
  static Optional<Verdict> alert(WindowReport window, List<WindowReport> spans) {
    if (window.performance().rows() == 0
        || window.version() == 0
        || !isUnjudged(window)
        || !spans.stream().allMatch(Unjudged::isUnjudged)) {
      return Optional.empty();
    }
    Verdict first = window.verdicts().get(0);
    return Optional.of(
        Verdict.untested(
            COLUMN,
            AlertKind.UNJUDGED,
            Verdict.Status.ALERT,
            Double.NaN,
            0,
            window.performance().rows(),
            "no column could be judged: "
                + (first.column().equals(WindowReport.NO_REFERENCE)
                    ? first.words()
                    : "\"" + first.column() + "\": " + first.words())));
  }

  /**
   * Warns of the columns that could not be judged, but for those that are sensitive, of which
   * nothing is kept that could be.
   *
   * @param firstLook whether the window is looked at for the first time; else of what outcomes show
   */
  static void log(WindowReport window, boolean firstLook, References references) {
    Set<String> sensitive = sensitive(window, references);
    List<Verdict> unjudged =
        window.verdicts().stream()
            .filter(Unjudged::isError)
            .filter(verdict -> firstLook || verdict.kind().needsOutcomes())
            .filter(verdict -> !sensitive.contains(verdict.column()))
            .toList();
    if (window.performance().rows() > 0 && !unjudged.isEmpty()) {
      LOG.warn(
          "of the window of {} from {} to {}, {} of {} columns could not be judged: {}",
          window.model(),
          window.start(),
          window.end(),
          unjudged.size(),
          window.verdicts().size(),
          words(unjudged));
    }
  }

  /** As many as a line can bear. */
  private static String words(List<Verdict> unjudged) {
    String first =
        unjudged.stream()
            .limit(3)
            .map(verdict -> verdict.column() + ": " + verdict.words())
            .reduce((one, next) -> one + "; " + next)
            .orElse("");
    return Printable.of(unjudged.size() > 3 ? first + "; and others" : first);
  }

  private static Set<String> sensitive(WindowReport window, References references) {
    try {
      Reference reference = references.of(window.version());
      Set<String> sensitive = new HashSet<>(reference.sensitive());
      if (sensitive.contains(reference.signature().output().name())) {
        sensitive.add(Reference.GAP);
      }
      return sensitive;
    } catch (MlopsException e) {
      // There is no reference: that is what is warned of.
      return Set.of();
    }
  }

  private static boolean isUnjudged(WindowReport window) {
    return !window.verdicts().isEmpty() && window.verdicts().stream().allMatch(Unjudged::isError);
  }

  private static boolean isError(Verdict verdict) {
    return verdict.status() == Verdict.Status.ERROR;
  }
}
