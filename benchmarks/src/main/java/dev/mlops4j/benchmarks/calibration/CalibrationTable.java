package dev.mlops4j.benchmarks.calibration;

import java.util.List;
import java.util.Locale;

/** The tables as Markdown. */
final class CalibrationTable {

  private static final double PERCENT = 100;

  private final Measured measured;
  private final StringBuilder text = new StringBuilder();

  private CalibrationTable(Measured measured) {
    this.measured = measured;
  }

  /**
   * The whole document.
   *
   * @param versions of the peers
   */
  static String of(Measured measured, String versions) {
    CalibrationTable table = new CalibrationTable(measured);
    table.introduction(versions);
    table.asked();
    table.falseAlarms();
    table.power();
    return table.text.toString();
  }

  private void introduction(String versions) {
    text.append("# False alarms and power, measured\n\n")
        .append(
            "Made by `benchmarks/compare calibration`; do not edit. [drift-method.md](drift-method.md) ")
        .append(
            "says how ours judges.\nAll sides judge the same draws, each as it is by default; one column a draw. ")
        .append(
            "Of each rate: percent of the draws with\nan alert, Wilson's interval, 95 %, and the draws judged. Peers: ")
        .append(versions)
        .append(".\n\n")
        .append(
            "- Ours: `ProfileDrift.between` profiles; of weeks `ProfileDrift.against` the 26 weeks ")
        .append("of the reference.\n")
        .append("- Evidently: the test that it picks, with its threshold. NannyML: ")
        .append(
            "`UnivariateDriftCalculator`, both samples in chunks of the\n  current rows' number (of ")
        .append(
            "weeks by time), so one chunk is judged; not where the reference is less than two chunks. ")
        .append(
            "NannyML literal:\n  without any argument, ten chunks of either sample, an alert is any ")
        .append("chunk's; its chunks differ in size. whylogs:\n  ")
        .append(
            "`calculate_drift_scores`, an alert is `DRIFT`. Evidently and whylogs cannot be given ")
        .append("weeks.\n")
        .append(
            "- Categories have shares as 1, 1/2, 1/3, ...; counts are Poisson with mean 3; heavy-tailed ")
        .append("is Student's t with 2 degrees\n  of freedom; means of weeks vary by 0.1 or 0.5 ")
        .append("deviations of a row, autocorrelation 0.5, 400 rows a week.\n")
        .append(
            "- A shift is so many times the least effect that matters: Kolmogorov-Smirnov distance ")
        .append(
            "0.1; of a category's share Cohen's h\n  0.1; of the missing share h 0.2; of weeks the ")
        .append("position 0.05.\n\n");
  }

  private void asked() {
    List<Cell> over = measured.over();
    List<Cell> compared = measured.compared();
    text.append("## What is asked\n\n")
        .append("Ours counts where it has judged all draws of a cell, a peer from ")
        .append(Measured.LEAST_PEER_DRAWS)
        .append(" on (fewer of a million rows).\n\n")
        .append(
            "- No rate of false alarms of ours has an interval above 1.2 times the configured 5 %: ")
        .append(
            String.format(
                Locale.ROOT,
                "of %d cells %d are measured, in %d it is not so.%n",
                Cell.all().stream().filter(cell -> cell.shift() == Shift.NONE).count(),
                measured.calm().size(),
                over.size()))
        .append(
            "- At twice the least effect or more, ours is within 5 points of the best peer whose rate ")
        .append("of false alarms is not\n  surely above 5 %: ");
    long surely = compared.stream().filter(cell -> measured.ahead(cell, true) != null).count();
    long behind = compared.stream().filter(cell -> measured.ahead(cell, false) != null).count();
    text.append(
        String.format(
            Locale.ROOT,
            "of %d cells %d are measured with such a peer; in %d of these a peer is further ahead,"
                + " in %d beyond chance.%n%n",
            Measured.asked().size(),
            compared.size(),
            behind,
            surely));
  }

  private void falseAlarms() {
    text.append(
        "## False alarms\n\nNothing differs.\n\n| column | reference | current | draws | ours |");
    header(5);
    for (Cell cell : measured.cells(false)) {
      Tally ours = measured.of(cell, Measured.OURS);
      text.append(
          String.format(
              Locale.ROOT,
              "| %s | %,d | %,d | %,d | %s |",
              cell.kind().words(),
              cell.reference(),
              cell.current(),
              ours.draws(),
              rate(ours)));
      for (String peer : measured.peers()) {
        text.append(' ').append(rate(measured.of(cell, peer))).append(" |");
      }
      text.append('\n');
    }
  }

  private void power() {
    text.append("\n## Power\n\n")
        .append(
            "In brackets: a peer whose rate of false alarms at these sizes is surely above 5 %, or not measured. Bold: a peer ")
        .append("more than 5 points ahead of ours.\n\n")
        .append("| column, shift | times | reference | current | draws | ours |");
    header(6);
    for (Cell cell : measured.cells(true)) {
      Tally ours = measured.of(cell, Measured.OURS);
      text.append(
          String.format(
              Locale.ROOT,
              "| %s, %s | %d | %,d | %,d | %,d | %s |",
              cell.kind().words(),
              cell.shift().words(),
              cell.factor(),
              cell.reference(),
              cell.current(),
              ours.draws(),
              rate(ours)));
      String ahead = cell.factor() >= Measured.COMPARED_FROM ? measured.ahead(cell, false) : null;
      for (String peer : measured.peers()) {
        String rate = rate(measured.of(cell, peer));
        String marked =
            peer.equals(ahead)
                ? "**" + rate + "**"
                : measured.holdsRate(cell, peer) ? rate : "[" + rate + "]";
        text.append(' ').append(marked).append(" |");
      }
      text.append('\n');
    }
  }

  private void header(int columns) {
    for (String peer : measured.peers()) {
      text.append(' ').append(peer).append(" |");
    }
    text.append("\n|").append("---|".repeat(columns + measured.peers().size())).append('\n');
  }

  private static String rate(Tally tally) {
    if (tally.draws() == 0) {
      return "-";
    }
    return String.format(
        Locale.ROOT,
        "%.1f (%.1f-%.1f), %,d%s",
        PERCENT * tally.rate(),
        PERCENT * tally.low(),
        PERCENT * tally.high(),
        tally.draws(),
        tally.failed() == 0 ? "" : ", " + tally.failed() + " failed");
  }
}
