package dev.mlops4j.examples.flights;

import dev.mlops4j.feature.TrainingSet;
import dev.mlops4j.model.PortableModel;
import dev.mlops4j.model.TrainingListener;
import dev.mlops4j.tribuo.TribuoLogisticRegression;
import dev.mlops4j.xgboost.XgBoost;

/** The kinds of models that are trained. */
enum FlightModel {
  /** One hundred trees. */
  XGBOOST("XGBoost", 4, 100) {
    @Override
    PortableModel train(TrainingSet training, TrainingListener listener) {
      return XgBoost.classifier()
          .trees(rounds())
          .maxDepth(6)
          .learningRate(0.1)
          .metrics("logloss", "auc")
          .train(training, listener);
    }
  },
  /** A straight line. */
  TRIBUO("Tribuo", 5, 5) {
    @Override
    PortableModel train(TrainingSet training, TrainingListener listener) {
      return TribuoLogisticRegression.classifier().epochs(rounds()).train(training, listener);
    }
  };

  private final String title;
  private final int step;
  private final int rounds;

  FlightModel(String title, int step, int rounds) {
    this.title = title;
    this.step = step;
    this.rounds = rounds;
  }

  abstract PortableModel train(TrainingSet training, TrainingListener listener);

  /** What people call it. */
  String title() {
    return title;
  }

  /** The number of the program's step that trains the first one. */
  int step() {
    return step;
  }

  /** How many trees or epochs. */
  int rounds() {
    return rounds;
  }
}
