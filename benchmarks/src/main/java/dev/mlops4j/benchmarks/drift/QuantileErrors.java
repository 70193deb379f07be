package dev.mlops4j.benchmarks.drift;

import com.fasterxml.jackson.databind.JsonNode;
import dev.mlops4j.benchmarks.Report;
import dev.mlops4j.data.Dataset;
import dev.mlops4j.data.LongColumn;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Map;

/** How far the quantiles of profiles are from those of the numbers themselves. */
final class QuantileErrors {

  private QuantileErrors() {}

  /**
   * One side's worst.
   *
   * @param value the greatest difference of a quantile from the number of its rank, as a share of
   *     that number (of 1 if it is smaller)
   * @param rank how far its rank is at most from the one asked for, as a share of the rows
   */
  private record Worst(double value, double rank) {

    Worst and(Worst other) {
      return new Worst(Math.max(value, other.value), Math.max(rank, other.rank));
    }
  }

  static void report(Dataset rows, JsonNode ours, JsonNode peers, Report report) {
    Worst own = new Worst(0, 0);
    Worst their = new Worst(0, 0);
    for (Map.Entry<String, JsonNode> column : ours.properties()) {
      double[] sorted = sorted(rows.longs(column.getKey()));
      own = own.and(worst(sorted, column.getValue()));
      their = their.and(worst(sorted, peers.get(column.getKey())));
    }
    report.shares("profile-quantile-value-error", own.value, their.value);
    report.shares("profile-quantile-rank-error", own.rank, their.rank);
  }

  private static Worst worst(double[] sorted, JsonNode quantiles) {
    Worst worst = new Worst(0, 0);
    for (int i = 0; i < OwnSide.QUANTILES.length; i++) {
      double q = OwnSide.QUANTILES[i];
      double found = quantiles.get(i).asDouble();
      double exact = sorted[(int) (q * (sorted.length - 1))];
      double below = share(sorted, found, false);
      double upTo = share(sorted, found, true);
      double rank = q < below ? below - q : q > upTo ? q - upTo : 0;
      worst = worst.and(new Worst(Math.abs(found - exact) / Math.max(1, Math.abs(exact)), rank));
    }
    return worst;
  }

  /** The share of the numbers below this one, or at most this one. */
  private static double share(double[] sorted, double number, boolean inclusive) {
    long count = Arrays.stream(sorted).filter(x -> inclusive ? x <= number : x < number).count();
    return (double) count / sorted.length;
  }

  private static double[] sorted(LongColumn column) {
    List<Long> values = new ArrayList<>();
    for (int row = 0; row < column.size(); row++) {
      if (!column.isMissing(row)) {
        values.add(column.longAt(row));
      }
    }
    return values.stream().mapToDouble(Long::doubleValue).sorted().toArray();
  }
}
