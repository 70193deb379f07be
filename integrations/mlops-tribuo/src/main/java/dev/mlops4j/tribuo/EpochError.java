package dev.mlops4j.tribuo;

import com.oracle.labs.mlrg.olcut.provenance.ConfiguredObjectProvenance;
import com.oracle.labs.mlrg.olcut.util.Pair;
import dev.mlops4j.model.TrainingListener;
import org.tribuo.math.la.DenseVector;
import org.tribuo.math.la.SGDVector;
import org.tribuo.regression.sgd.RegressionObjective;
import org.tribuo.regression.sgd.objectives.SquaredLoss;

/**
 * The squared loss of Tribuo, which it asks once a row and epoch, with an ear for it: after each
 * epoch the listener hears the root of the mean squared error, in the target's unit. It goes into
 * the model as Tribuo's own.
 */
final class EpochError implements RegressionObjective {

  private final SquaredLoss squaredLoss = new SquaredLoss();
  private final int rows;
  private final double scale;
  private final TrainingListener listener;
  private double sum;
  private int seen;
  private int epoch;

  EpochError(int rows, double scale, TrainingListener listener) {
    this.rows = rows;
    this.scale = scale;
    this.listener = listener;
  }

  @Override
  @SuppressWarnings("deprecation") // abstract there all the same
  public Pair<Double, SGDVector> loss(DenseVector truth, SGDVector prediction) {
    return lossAndGradient(truth, prediction);
  }

  @Override
  public Pair<Double, SGDVector> lossAndGradient(DenseVector truth, SGDVector prediction) {
    Pair<Double, SGDVector> result = squaredLoss.lossAndGradient(truth, prediction);
    double error = truth.get(0) - prediction.get(0);
    sum += error * error;
    seen++;
    if (seen == rows) {
      listener.metric("train-rmse", epoch, scale * Math.sqrt(sum / rows));
      sum = 0;
      seen = 0;
      epoch++;
    }
    return result;
  }

  @Override
  public ConfiguredObjectProvenance getProvenance() {
    return squaredLoss.getProvenance();
  }
}
