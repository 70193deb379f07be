package dev.mlops4j.xgboost;

import dev.mlops4j.model.Signature.Task;

/** What XGBoost minimises for a kind of target. */
enum Objective {
  BINARY("binary:logistic", "logloss"),
  MULTICLASS("multi:softprob", "mlogloss"),
  REGRESSION("reg:squarederror", "rmse");

  private final String xgboostName;
  private final String metric;

  Objective(String xgboostName, String metric) {
    this.xgboostName = xgboostName;
    this.metric = metric;
  }

  static Objective of(Task task) {
    return switch (task) {
      case BINARY -> BINARY;
      case MULTICLASS -> MULTICLASS;
      case REGRESSION -> REGRESSION;
    };
  }

  String xgboostName() {
    return xgboostName;
  }

  /** The metric reported unless told otherwise. */
  String metric() {
    return metric;
  }
}
