package dev.mlops4j.benchmarks.calibration;

import dev.mlops4j.monitoring.Aspect;
import java.util.random.RandomGenerator;
import org.apache.commons.math3.distribution.NormalDistribution;

/** Draws both samples of a cell. */
@FunctionalInterface
interface Sampler {

  /** Fills both arrays. */
  void fill(double[] reference, double[] current, RandomGenerator random);

  /** How far a week's mean resembles that of the week before. */
  double RHO = 0.5;

  /** The sampler of a cell. */
  static Sampler of(Cell cell) {
    if (cell.kind().hasWeeks()) {
      return weeks(cell);
    }
    Population from = Population.reference(cell);
    Population to = Population.current(cell);
    return (reference, current, random) -> {
      for (int i = 0; i < reference.length; i++) {
        reference[i] = from.draw(random);
      }
      for (int i = 0; i < current.length; i++) {
        current[i] = to.draw(random);
      }
    };
  }

  /** Weeks one after the other in the reference, and the week after them. */
  private static Sampler weeks(Cell cell) {
    double between = cell.kind() == Kind.CALM_WEEKS ? 0.1 : 0.5;
    double deviation = Math.sqrt(1 + between * between);
    // A row of the week is greater than one of the reference with this probability.
    double shift =
        Math.sqrt(2)
            * deviation
            * new NormalDistribution()
                .inverseCumulativeProbability(0.5 + cell.factor() * Aspect.POSITION.floor());
    return (reference, current, random) -> {
      double mean = random.nextGaussian();
      for (int week = 0; week <= Cell.WEEKS; week++) {
        boolean last = week == Cell.WEEKS;
        double[] rows = last ? current : reference;
        int first = last ? 0 : week * Cell.ROWS_A_WEEK;
        for (int i = 0; i < Cell.ROWS_A_WEEK; i++) {
          rows[first + i] = between * mean + random.nextGaussian() + (last ? shift : 0);
        }
        mean = RHO * mean + Math.sqrt(1 - RHO * RHO) * random.nextGaussian();
      }
    };
  }
}
