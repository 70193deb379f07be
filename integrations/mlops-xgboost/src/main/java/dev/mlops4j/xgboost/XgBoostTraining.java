package dev.mlops4j.xgboost;

import dev.mlops4j.model.Signature;
import dev.mlops4j.model.Signature.Task;
import dev.mlops4j.model.TrainingData;
import dev.mlops4j.model.TrainingListener;
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.Map;
import ml.dmlc.xgboost4j.java.Booster;
import ml.dmlc.xgboost4j.java.DMatrix;
import ml.dmlc.xgboost4j.java.XGBoost;
import ml.dmlc.xgboost4j.java.XGBoostError;
import org.jspecify.annotations.Nullable;

/** One training: the data goes to native memory, the rounds run, the model comes back as bytes. */
final class XgBoostTraining {

  private static final String METRIC_SETTING = "eval_metric";

  private XgBoostTraining() {}

  static XgBoostModel train(
      TrainingData training,
      @Nullable TrainingData validation,
      int trees,
      Map<String, String> settings,
      TrainingListener listener) {
    Signature signature = training.signature();
    byte[] bytes =
        NativeLibrary.call(
            "train",
            () -> {
              Map<String, DMatrix> judged = new LinkedHashMap<>();
              try {
                judged.put("train", Matrices.of("training", training));
                if (signature.output().task() != Task.REGRESSION) {
                  Matrices.checkClasses(training);
                }
                if (validation != null) {
                  judged.put("validation", Matrices.of("validation", validation));
                }
                listener.params(reported(trees, settings));
                return boost(signature, judged, trees, settings, listener);
              } finally {
                judged.values().forEach(DMatrix::dispose);
              }
            });
    return XgBoostModel.of(signature, bytes);
  }

  private static byte[] boost(
      Signature signature,
      Map<String, DMatrix> judged,
      int trees,
      Map<String, String> settings,
      TrainingListener listener)
      throws XGBoostError {
    DMatrix training = judged.values().iterator().next();
    DMatrix[] matrices = judged.values().toArray(DMatrix[]::new);
    String[] names = judged.keySet().toArray(String[]::new);
    Map<String, Object> known = new HashMap<>(settings);
    String metrics = settings.getOrDefault(METRIC_SETTING, "");
    known.remove(METRIC_SETTING);
    Booster booster = XGBoost.train(training, known, 0, Map.of(), null, null);
    try {
      for (String metric : metrics.split(",", -1)) {
        booster.setParam(METRIC_SETTING, metric);
      }
      for (int round = 0; round < trees; round++) {
        booster.update(training, round);
        report(booster.evalSet(matrices, names, round), round, listener);
      }
      if (listener != TrainingListener.NONE) {
        listener.importance("gain", GainImportance.of(booster, signature));
      }
      return booster.toByteArray("ubj");
    } finally {
      booster.dispose();
    }
  }

  /** Reads XGBoost's own line, such as {@code [0]\ttrain-logloss:0.65\ttrain-auc:0.7}. */
  static void report(String line, int round, TrainingListener listener) {
    String[] parts = line.split("\t", -1);
    for (int i = 1; i < parts.length; i++) {
      int colon = parts[i].lastIndexOf(':');
      listener.metric(parts[i].substring(0, colon), round, number(parts[i].substring(colon + 1)));
    }
  }

  private static double number(String text) {
    return switch (text) {
      case "nan", "-nan" -> Double.NaN;
      case "inf" -> Double.POSITIVE_INFINITY;
      case "-inf" -> Double.NEGATIVE_INFINITY;
      default -> Double.parseDouble(text);
    };
  }

  private static Map<String, String> reported(int trees, Map<String, String> settings) {
    Map<String, String> reported = new LinkedHashMap<>();
    reported.put("algorithm", "xgboost");
    reported.put("trees", Integer.toString(trees));
    reported.putAll(settings);
    return reported;
  }
}
