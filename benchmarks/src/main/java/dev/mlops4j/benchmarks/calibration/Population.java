package dev.mlops4j.benchmarks.calibration;

import dev.mlops4j.monitoring.Aspect;
import java.util.random.RandomGenerator;

/** Where rows come from. */
@FunctionalInterface
interface Population {

  /** A value; NaN is missing, a category is its number. */
  double draw(RandomGenerator random);

  /** The population of a cell's reference. */
  static Population reference(Cell cell) {
    return of(cell.kind(), Shift.NONE, 0);
  }

  /** The population of a cell's current rows. */
  static Population current(Cell cell) {
    return of(cell.kind(), cell.shift(), cell.factor());
  }

  private static Population of(Kind kind, Shift shift, int factor) {
    double distance = factor * Aspect.DISTRIBUTION.floor();
    double h = factor * (shift == Shift.MISSING ? Aspect.MISSING : Aspect.SHARES).floor();
    return switch (kind) {
      case NORMAL -> normal(shift, distance);
      case LOGNORMAL -> {
        Population logarithm = normal(shift, distance);
        yield random -> Math.exp(logarithm.draw(random));
      }
      case HEAVY_TAILED -> heavyTailed(shift, distance);
      case COUNTS -> {
        double mean =
            shift == Shift.NONE
                ? 3
                : Distributions.solve(
                    x -> Distributions.poisson(x, 3),
                    m -> x -> Distributions.poisson(x, m),
                    distance,
                    3,
                    9);
        yield random -> Distributions.drawPoisson(random, mean);
      }
      case FLAG -> {
        double share = 0.3 + distance;
        yield random -> random.nextDouble() < share ? 1 : 0;
      }
      case WITH_MISSING -> {
        Population present = normal(shift == Shift.MEAN ? shift : Shift.NONE, distance);
        double missing = shift == Shift.MISSING ? Distributions.raised(0.1, h) : 0.1;
        yield random -> random.nextDouble() < missing ? Double.NaN : present.draw(random);
      }
      case CATEGORIES_2, CATEGORIES_5, CATEGORIES_20, CATEGORIES_200 -> {
        double[] shares = Distributions.shares(kind.categories());
        double[] shifted =
            switch (shift) {
              case SHARE -> Distributions.raised(shares, 0, h);
              case RARE_SHARE -> Distributions.raised(shares, shares.length - 1, h);
              default -> shares;
            };
        double[] cumulative = Distributions.cumulative(shifted);
        yield random -> Distributions.drawCategory(random, cumulative);
      }
      case CALM_WEEKS, RESTLESS_WEEKS ->
          throw new IllegalArgumentException("the rows of weeks are not drawn one by one");
    };
  }

  private static Population normal(Shift shift, double distance) {
    return switch (shift) {
      case MEAN -> {
        double by =
            Distributions.solve(
                Distributions::normal, d -> x -> Distributions.normal(x - d), distance, 0, 6);
        yield random -> random.nextGaussian() + by;
      }
      case SPREAD -> {
        double by =
            Distributions.solve(
                Distributions::normal, s -> x -> Distributions.normal(x / s), distance, 1, 100);
        yield random -> random.nextGaussian() * by;
      }
      case SHAPE -> {
        double apart =
            Distributions.solve(
                Distributions::normal, a -> x -> Distributions.twoHumps(x, a), distance, 0, 0.9999);
        yield random -> Distributions.drawTwoHumps(random, apart);
      }
      default -> RandomGenerator::nextGaussian;
    };
  }

  private static Population heavyTailed(Shift shift, double distance) {
    return switch (shift) {
      case MEAN -> {
        double by =
            Distributions.solve(
                Distributions::heavyTailed,
                d -> x -> Distributions.heavyTailed(x - d),
                distance,
                0,
                6);
        yield random -> Distributions.drawHeavyTailed(random) + by;
      }
      case SPREAD -> {
        double by =
            Distributions.solve(
                Distributions::heavyTailed,
                s -> x -> Distributions.heavyTailed(x / s),
                distance,
                1,
                100);
        yield random -> Distributions.drawHeavyTailed(random) * by;
      }
      default -> Distributions::drawHeavyTailed;
    };
  }
}
