package dev.mlops4j.serving;

import dev.mlops4j.model.Manifest;
import dev.mlops4j.model.Model;
import dev.mlops4j.model.ModelDescription;
import dev.mlops4j.model.ModelLoadException;
import dev.mlops4j.model.ModelLoader;
import dev.mlops4j.model.ModelPackage;
import dev.mlops4j.trees.Format;
import dev.mlops4j.trees.TreeModel;
import dev.mlops4j.trees.TreeModelException;
import java.util.Map;
import java.util.Objects;
import java.util.Optional;
import java.util.Set;

/**
 * Loads gradient-boosted trees and random forests of XGBoost and LightGBM, and scores them in pure
 * Java with {@code mlops-trees}: in about a microsecond, without native code, and safe for files
 * from anywhere.
 *
 * <p>What it refuses, such as a linear booster, a native loader may still load: hand that one to
 * {@link dev.mlops4j.model.ModelLoaders#of}.
 */
public final class TreesLoader implements ModelLoader {

  /** The format of {@code Booster.save_model("model.ubj")} of XGBoost; file {@code model.ubj}. */
  public static final String XGBOOST_UBJ = "xgboost-ubj";

  /** The format of {@code Booster.save_model("model.json")} of XGBoost; file {@code model.json}. */
  public static final String XGBOOST_JSON = "xgboost-json";

  /** The format of {@code Booster.save_model(...)} of LightGBM; file {@code model.txt}. */
  public static final String LIGHTGBM_TEXT = "lightgbm-text";

  private static final Map<String, String> FILES =
      Map.of(
          XGBOOST_UBJ, "model.ubj",
          XGBOOST_JSON, "model.json",
          LIGHTGBM_TEXT, "model.txt");

  /** Margins are equal to the bit; the exponential functions of two machines' libraries are not. */
  private static final double TOLERANCE = 1e-6;

  /** Creates a loader. */
  public TreesLoader() {}

  @Override
  public String name() {
    return "mlops-trees";
  }

  @Override
  public boolean isNative() {
    return false;
  }

  @Override
  public Set<String> formats() {
    return FILES.keySet();
  }

  @Override
  public Optional<String> whyNot(Manifest manifest) {
    return FILES.containsKey(manifest.format())
        ? Optional.empty()
        : Optional.of("reads " + String.join(", ", FILES.keySet().stream().sorted().toList()));
  }

  @Override
  public Optional<ModelDescription> describe(byte[] file) {
    if (!TreesDescription.isOfTrees(file)) {
      return Optional.empty();
    }
    try {
      TreeModel trees = TreeModel.read(file);
      String format = format(trees.format());
      return Optional.of(
          TreesDescription.of(trees, format, Objects.requireNonNull(FILES.get(format))));
    } catch (TreeModelException e) {
      throw new ModelLoadException("the trees cannot be read: " + e.getMessage(), e);
    }
  }

  private static String format(Format format) {
    return switch (format) {
      case XGBOOST_JSON -> XGBOOST_JSON;
      case XGBOOST_UBJSON -> XGBOOST_UBJ;
      case LIGHTGBM_TEXT -> LIGHTGBM_TEXT;
    };
  }

  @Override
  public Model load(ModelPackage modelPackage) {
    Manifest manifest = modelPackage.manifest();
    String file = FILES.get(manifest.format());
    if (file == null) {
      throw new ModelLoadException(modelPackage + " is no model of trees");
    }
    try {
      return TreesModel.of(manifest.signature(), TreeModel.read(modelPackage.file(file)));
    } catch (TreeModelException e) {
      throw new ModelLoadException(
          "the trees of "
              + modelPackage
              + " cannot be loaded: "
              + e.getMessage()
              + "; if the file is what its library wrote, a loader that calls that library may"
              + " load it: ModelLoaders.of(new XgBoostLoader(), ...)",
          e);
    }
  }

  @Override
  public double tolerance() {
    return TOLERANCE;
  }
}
