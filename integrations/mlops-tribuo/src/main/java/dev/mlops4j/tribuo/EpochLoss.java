package dev.mlops4j.tribuo;

import com.oracle.labs.mlrg.olcut.provenance.ConfiguredObjectProvenance;
import com.oracle.labs.mlrg.olcut.util.Pair;
import dev.mlops4j.model.TrainingListener;
import org.tribuo.classification.sgd.LabelObjective;
import org.tribuo.classification.sgd.objectives.LogMulticlass;
import org.tribuo.math.la.SGDVector;
import org.tribuo.math.util.VectorNormalizer;

/**
 * The log loss of Tribuo, which it asks once a row and epoch, with an ear for it: after each epoch
 * the listener hears the mean. It goes into the model as Tribuo's own.
 */
final class EpochLoss implements LabelObjective {

  private final LogMulticlass logLoss = new LogMulticlass();
  private final int rows;
  private final TrainingListener listener;
  private double sum;
  private int seen;
  private int epoch;

  EpochLoss(int rows, TrainingListener listener) {
    this.rows = rows;
    this.listener = listener;
  }

  @Override
  @SuppressWarnings("deprecation") // abstract there all the same
  public Pair<Double, SGDVector> valueAndGradient(int truth, SGDVector prediction) {
    return lossAndGradient(truth, prediction);
  }

  @Override
  public Pair<Double, SGDVector> lossAndGradient(Integer truth, SGDVector prediction) {
    Pair<Double, SGDVector> result = logLoss.lossAndGradient(truth, prediction);
    // Tribuo gives the log likelihood, which is the negative of the loss.
    sum -= result.getA();
    seen++;
    if (seen == rows) {
      listener.metric("train-logloss", epoch, sum / rows);
      sum = 0;
      seen = 0;
      epoch++;
    }
    return result;
  }

  @Override
  public VectorNormalizer getNormalizer() {
    return logLoss.getNormalizer();
  }

  @Override
  public boolean isProbabilistic() {
    return logLoss.isProbabilistic();
  }

  @Override
  public ConfiguredObjectProvenance getProvenance() {
    return logLoss.getProvenance();
  }
}
