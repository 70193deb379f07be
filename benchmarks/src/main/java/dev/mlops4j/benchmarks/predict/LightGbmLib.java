package dev.mlops4j.benchmarks.predict;

import com.microsoft.ml.lightgbm.SWIGTYPE_p_double;
import com.microsoft.ml.lightgbm.SWIGTYPE_p_int;
import com.microsoft.ml.lightgbm.SWIGTYPE_p_long_long;
import com.microsoft.ml.lightgbm.SWIGTYPE_p_p_void;
import com.microsoft.ml.lightgbm.SWIGTYPE_p_void;
import com.microsoft.ml.lightgbm.lightgbmlib;
import com.microsoft.ml.lightgbm.lightgbmlibConstants;
import java.io.IOException;
import java.io.InputStream;
import java.nio.file.Files;
import java.nio.file.Path;

/** LightGBM's own call for single rows in a loop, prepared once, on one thread. */
final class LightGbmLib implements RowScorer {

  private static final String NATIVE = "com/microsoft/ml/lightgbm/linux/x86_64/";

  private final SWIGTYPE_p_void booster;
  private final SWIGTYPE_p_void prepared;
  private final SWIGTYPE_p_long_long length = lightgbmlib.new_int64_tp();
  private final SWIGTYPE_p_double out = lightgbmlib.new_doubleArray(1);
  private final double[] values = new double[Rows.FEATURES];

  static {
    // The jar has the libraries, and leaves it to the caller to unpack them, in this order.
    load("lib_lightgbm.so");
    load("lib_lightgbm_swig.so");
  }

  LightGbmLib(Path directory) {
    SWIGTYPE_p_int iterations = lightgbmlib.new_intp();
    SWIGTYPE_p_p_void handle = lightgbmlib.voidpp_handle();
    check(
        lightgbmlib.LGBM_BoosterCreateFromModelfile(
            directory.resolve("model.txt").toString(), iterations, handle));
    this.booster = lightgbmlib.voidpp_value(handle);
    SWIGTYPE_p_p_void fast = lightgbmlib.voidpp_handle();
    check(
        lightgbmlib.LGBM_BoosterPredictForMatSingleRowFastInit(
            booster,
            lightgbmlibConstants.C_API_PREDICT_NORMAL,
            0,
            -1,
            lightgbmlibConstants.C_API_DTYPE_FLOAT64,
            Rows.FEATURES,
            "num_threads=1",
            fast));
    this.prepared = lightgbmlib.voidpp_value(fast);
  }

  @Override
  public float predict(float[] row) {
    for (int i = 0; i < values.length; i++) {
      values[i] = row[i];
    }
    check(
        lightgbmlib.LGBM_BoosterPredictForMatSingleRowFastCriticalSWIG(
            values, prepared, length, out));
    return (float) lightgbmlib.doubleArray_getitem(out, 0);
  }

  @Override
  public void close() {
    check(lightgbmlib.LGBM_FastConfigFree(prepared));
    check(lightgbmlib.LGBM_BoosterFree(booster));
  }

  private static void check(int result) {
    if (result != 0) {
      throw new IllegalStateException("LightGBM: " + lightgbmlib.LGBM_GetLastError());
    }
  }

  private static void load(String library) {
    try (InputStream packed =
        LightGbmLib.class.getClassLoader().getResourceAsStream(NATIVE + library)) {
      if (packed == null) {
        throw new IllegalStateException("lightgbmlib has no " + NATIVE + library);
      }
      Path file = Files.createTempFile("mlops4j-", library);
      file.toFile().deleteOnExit();
      Files.write(file, packed.readAllBytes());
      System.load(file.toString());
    } catch (IOException e) {
      throw new IllegalStateException("cannot unpack " + library, e);
    }
  }
}
