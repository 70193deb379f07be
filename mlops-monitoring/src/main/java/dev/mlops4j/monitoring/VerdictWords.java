package dev.mlops4j.monitoring;

import dev.mlops4j.monitoring.ColumnTest.AspectTest;
import java.util.Locale;

/** Verdicts, and what they mean in words. */
final class VerdictWords {

  private VerdictWords() {}

  static Verdict verdict(ColumnTest test, double q, double alpha) {
    AspectTest lead = test.lead();
    Verdict.Status status =
        q <= alpha
            ? Verdict.Status.ALERT
            : test.wanders() ? Verdict.Status.NOT_ENOUGH_DATA : Verdict.Status.OK;
    String words =
        switch (status) {
          case ALERT -> difference(test, lead);
          case NOT_ENOUGH_DATA ->
              "it wanders slowly: "
                  + difference(test, lead)
                  + ", which the reference cannot tell from a season";
          default ->
              lead.p() < 1
                  ? "no more than periods differ: " + difference(test, lead)
                  : "no change that matters";
        };
    return new Verdict(
        test.column().name(),
        test.column().kind(),
        status,
        lead.aspect(),
        lead.category(),
        lead.effect(),
        lead.test(),
        test.p(),
        q,
        test.referenceRows(),
        test.windowRows(),
        words);
  }

  /** What is wrong with the column itself comes before what is wrong with the window. */
  static Verdict untested(ColumnTest test) {
    String problem = test.column().problem();
    return Verdict.untested(
        test.column().name(),
        test.column().kind(),
        test.failed() || problem != null ? Verdict.Status.ERROR : Verdict.Status.NOT_ENOUGH_DATA,
        Double.NaN,
        test.referenceRows(),
        test.windowRows(),
        problem != null ? problem : test.why());
  }

  private static String difference(ColumnTest test, AspectTest lead) {
    ReferenceColumn column = test.column();
    double effect = lead.effect();
    if (test.ofChange()) {
      return change(lead);
    }
    String more = effect > 0 ? "more" : "fewer";
    return switch (lead.aspect()) {
      case POSITION ->
          String.format(
              Locale.ROOT,
              "values are %s: %.0f %% of them exceed one of the reference, where 50 %% would",
              effect > 0 ? "higher" : "lower",
              100 * (0.5 + effect));
      case SPREAD ->
          effect > 0 ? "values are further from the middle" : "values are closer to the middle";
      case MISSING -> more + " values are missing" + orUnseen(column);
      case SHARES ->
          "category " + lead.category() + " is " + (effect > 0 ? "more" : "less") + " frequent";
      case UNSEEN -> "categories come that the reference does not have";
      case SHARE -> more + " labels are true";
      case PREDICTED_AGAINST_ACTUAL ->
          effect > 0 ? "more is predicted than comes true" : "less is predicted than comes true";
      case DISTRIBUTION ->
          String.format(Locale.ROOT, "the distributions are up to %.0f %% apart", 100 * effect);
    };
  }

  /** How it changed from the window before. */
  private static String change(AspectTest lead) {
    boolean up = lead.effect() > 0;
    String what =
        switch (lead.aspect()) {
          case POSITION ->
              String.format(
                  Locale.ROOT,
                  "values became %s at once, by %.0f %% of the reference's ranks,",
                  up ? "higher" : "lower",
                  100 * Math.abs(lead.effect()));
          case SPREAD -> "values moved " + (up ? "further from" : "closer to") + " the middle";
          case MISSING -> (up ? "more" : "fewer") + " values are missing";
          case SHARES ->
              "category " + lead.category() + " became " + (up ? "more" : "less") + " frequent";
          case UNSEEN -> (up ? "more" : "fewer") + " categories the training does not have";
          case SHARE -> (up ? "more" : "fewer") + " labels are true";
          case PREDICTED_AGAINST_ACTUAL ->
              "what is predicted " + (up ? "rose" : "fell") + " against what comes true";
          case DISTRIBUTION ->
              String.format(
                  Locale.ROOT, "the distribution changed by up to %.0f %%", 100 * lead.effect());
        };
    return what + " since the window before";
  }

  /** A vector has the same code for a category that is missing and for one never seen. */
  private static String orUnseen(ReferenceColumn column) {
    return column.shape() == ReferenceColumn.Shape.CATEGORIES
            && column.kind() == AlertKind.FEATURE_DRIFT
        ? " or have a category not seen in training"
        : "";
  }

  static String of(Verdict.Status status) {
    return switch (status) {
      case ALERT -> "ALERT";
      case ERROR -> "error";
      case NOT_ENOUGH_DATA -> "not enough data";
      case OK -> "ok";
    };
  }

  /** Empty where there is none. */
  static String number(String format, double value) {
    return Double.isNaN(value) ? "" : String.format(Locale.ROOT, format, value);
  }
}
