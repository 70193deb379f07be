package dev.mlops4j.trees;

/** What a file was written by and how; its content decides, never its name. */
public enum Format {
  /** {@code Booster.save_model("model.json")} of XGBoost. */
  XGBOOST_JSON,
  /** {@code Booster.save_model("model.ubj")} of XGBoost, its default from 2.1 on. */
  XGBOOST_UBJSON,
  /** {@code Booster.save_model(...)} of LightGBM. */
  LIGHTGBM_TEXT
}
