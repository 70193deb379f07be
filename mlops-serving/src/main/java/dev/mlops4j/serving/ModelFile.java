package dev.mlops4j.serving;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.LinkOption;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/**
 * The file of a model, and what stands beside it.
 *
 * @param names the names of its columns by what stands beside it, or empty
 * @param examples rows by name that stand beside it, or empty
 * @param wrapper the class of a scikit-learn wrapper that it was saved from, or null
 */
@SuppressWarnings("ArrayRecordComponent") // the bytes of a file
record ModelFile(
    byte[] bytes,
    List<String> names,
    List<Map<String, @Nullable Object>> examples,
    @Nullable String wrapper) {

  private static final int PICKLE = 0x80;
  private static final int ZIP = 'P';

  /**
   * The file at this path, or the one that the {@code MLmodel} of this directory names.
   *
   * @throws ModelImportException if there is none, or it is a program and not data
   */
  static ModelFile of(Path path) {
    if (Files.isDirectory(path)) {
      return new MlflowDirectory(path).file();
    }
    return new ModelFile(read(path), List.of(), List.of(), null);
  }

  /** The bytes of a file that is no link and no program. */
  static byte[] read(Path path) {
    if (!Files.isRegularFile(path, LinkOption.NOFOLLOW_LINKS)) {
      throw new ModelImportException(
          "a model was to be read from "
              + path
              + ", which is no file"
              + (Files.exists(path)
                  ? " itself, but a link or something else"
                  : ": it is not there"));
    }
    byte[] bytes;
    try {
      bytes = Files.readAllBytes(path);
    } catch (IOException e) {
      throw new ModelImportException(path + " cannot be read: " + e.getMessage(), e);
    }
    String name = path.getFileName().toString();
    boolean isPickle =
        bytes.length > 1 && (bytes[0] & 0xff) == PICKLE && bytes[1] >= 2 && bytes[1] <= 5;
    if (isPickle || name.endsWith(".pkl") || name.endsWith(".joblib") || isZip(bytes)) {
      throw new ModelImportException(
          path
              + " is a Python pickle, which is a program and not data, and is not run here; in"
              + " Python save the model itself: model.get_booster().save_model(\"model.ubj\") with"
              + " XGBoost, model.booster_.save_model(\"model.txt\") with LightGBM, or export it to"
              + " ONNX, scikit-learn's with skl2onnx");
    }
    return bytes;
  }

  /** PyTorch keeps pickles in archives. */
  private static boolean isZip(byte[] bytes) {
    return bytes.length > 3 && bytes[0] == ZIP && bytes[1] == 'K' && bytes[2] == 3 && bytes[3] == 4;
  }
}
