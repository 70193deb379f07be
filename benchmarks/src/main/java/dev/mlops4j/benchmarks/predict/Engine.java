package dev.mlops4j.benchmarks.predict;

import java.nio.file.Path;

/** What scores trees: ours and the peers, each in its fastest correct way for one row. */
public enum Engine {
  /** {@code mlops-trees}. */
  OURS("ours") {
    @Override
    RowScorer open(Path model) throws Exception {
      return new OwnTrees(model);
    }
  },
  /** XGBoost4J, which calls XGBoost through JNI. */
  XGBOOST4J("xgboost4j") {
    @Override
    RowScorer open(Path model) throws Exception {
      return new XgBoost4j(model);
    }
  },
  /** ONNX Runtime's Java API, with the model converted to ONNX. */
  ONNX_RUNTIME("onnxruntime") {
    @Override
    RowScorer open(Path model) throws Exception {
      return new OnnxRuntime(model);
    }
  },
  /** ai.h2o xgboost-predictor, pure Java. */
  H2O("h2o") {
    @Override
    RowScorer open(Path model) throws Exception {
      return new H2oPredictor(model);
    }
  },
  /** lightgbmlib, which calls LightGBM through JNI. */
  LIGHTGBMLIB("lightgbmlib") {
    @Override
    RowScorer open(Path model) throws Exception {
      return new LightGbmLib(model);
    }
  };

  private final String label;

  Engine(String label) {
    this.label = label;
  }

  /** What it is called in the figures. */
  String label() {
    return label;
  }

  /** Loads the model of this directory. */
  abstract RowScorer open(Path model) throws Exception;
}
