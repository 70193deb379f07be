package dev.mlops4j.validation;

import dev.mlops4j.report.HtmlPage;
import dev.mlops4j.report.SideBySide;
import java.util.ArrayList;
import java.util.List;
import java.util.function.Predicate;

/** A report as a page of HTML: the verdict, then what failed, what warns, and the rest. */
final class ReportPage {

  private ReportPage() {}

  static String of(ValidationReport report) {
    HtmlPage page =
        HtmlPage.titled(report.name() + (report.passed() ? ": passed" : ": FAILED"))
            .paragraph(report.summary());
    Predicate<ExpectationResult> missed = result -> result.isFailure() || result.isWarning();
    add(page, report.failures());
    add(page, report.warnings());
    add(page, report.results().stream().filter(missed.negate()).toList());
    return page.toHtml();
  }

  private static void add(HtmlPage page, List<ExpectationResult> results) {
    if (results.isEmpty()) {
      return;
    }
    List<SideBySide.Line> lines = new ArrayList<>();
    for (ExpectationResult result : results) {
      String column = result.column();
      lines.add(
          new SideBySide.Line(
              result.verdict(),
              column == null ? "" : column,
              List.of(result.asked(), result.found()),
              ""));
    }
    page.table(new SideBySide(List.of("expected", "found"), false, lines));
  }
}
