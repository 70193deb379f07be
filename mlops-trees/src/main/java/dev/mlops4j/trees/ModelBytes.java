package dev.mlops4j.trees;

import static java.nio.charset.StandardCharsets.ISO_8859_1;

/** Tells by its first bytes what a file holds, and has it read. */
final class ModelBytes {

  private static final String BINARY_XGBOOST =
      "This is XGBoost's old binary form, which XGBoost no longer reads since 3.1. Convert it with"
          + " XGBoost 1.7 to 3.0 in Python: import xgboost;"
          + " xgboost.Booster(model_file='old.model').save_model('new.ubj')";

  private ModelBytes() {}

  static TreeModel read(byte[] bytes) {
    int start = 0;
    while (start < bytes.length && Character.isWhitespace(bytes[start])) {
      start++;
    }
    String head = new String(bytes, start, Math.min(bytes.length - start, 16), ISO_8859_1);
    if (head.startsWith("binf")) {
      throw new UnsupportedModelException(BINARY_XGBOOST);
    }
    if (head.startsWith("\u0080")) {
      throw new UnsupportedModelException(
          "This is a Python pickle, which is a program and not data. Save the model itself, with"
              + " XGBoost's or LightGBM's save_model");
    }
    if (head.startsWith("{")) {
      return isUbjson(head)
          ? XgBoostReader.read(new UbjsonValues(bytes), Format.XGBOOST_UBJSON, bytes.length)
          : XgBoostReader.read(new JsonValues(bytes), Format.XGBOOST_JSON, bytes.length);
    }
    if (head.startsWith("tree\n") || head.startsWith("tree\r\n")) {
      return LightGbmReader.read(bytes);
    }
    throw new MalformedModelException(
        "This is neither a model of XGBoost (JSON, UBJSON) nor of LightGBM (text)", start);
  }

  /** In UBJSON the length of the first key follows the brace, in JSON a quote or white space. */
  private static boolean isUbjson(String head) {
    return head.length() > 1 && "iUIlL$#N".indexOf(head.charAt(1)) >= 0;
  }
}
