package dev.mlops4j.xgboost;

import dev.mlops4j.model.PortableModel;
import dev.mlops4j.model.Signature;
import java.lang.ref.Reference;
import java.util.Arrays;
import java.util.List;
import java.util.SortedMap;
import java.util.TreeMap;
import java.util.concurrent.locks.Lock;
import java.util.concurrent.locks.ReadWriteLock;
import java.util.concurrent.locks.ReentrantReadWriteLock;
import ml.dmlc.xgboost4j.java.Booster;
import ml.dmlc.xgboost4j.java.XGBoost;
import ml.dmlc.xgboost4j.java.XGBoostError;

/**
 * Trees that XGBoost's native library evaluates, as it was trained or loaded. Immutable and safe
 * for any number of threads, which predict at the same time: it calls XGBoost's in-place
 * prediction, which takes no lock and makes no matrix. One row costs some tens of microseconds,
 * most of them XGBoost's own preparation; many rows at once cost about one microsecond each.
 *
 * <p>It holds native memory until {@link #close}, which waits for the predictions under way.
 */
public final class XgBoostModel implements PortableModel {

  /** The name of the format of the model's file. */
  public static final String FORMAT = "xgboost-ubj";

  static final String FILE = "model.ubj";
  private static final int BATCH_ROWS = 8192;
  private static final byte OBJECT_START = '{';

  private final Signature signature;
  private final byte[] bytes;
  private final Booster booster;
  private final ReadWriteLock lock = new ReentrantReadWriteLock();
  private boolean closed;

  private XgBoostModel(Signature signature, byte[] bytes, Booster booster) {
    this.signature = signature;
    this.bytes = bytes;
    this.booster = booster;
  }

  /**
   * The model in these bytes.
   *
   * @throws XgBoostException if they are not UBJSON of a model with this signature's inputs and
   *     output
   */
  static XgBoostModel of(Signature signature, byte[] bytes) {
    // XGBoost would take other bytes for its old binary form, which it reads unchecked.
    if (bytes.length < 2 || bytes[0] != OBJECT_START || Character.isWhitespace(bytes[1])) {
      throw new XgBoostException(
          FILE + " is not a model in UBJSON; save the model as \"ubj\" and not in another form");
    }
    ModelStructure.check(bytes, signature.output().width());
    byte[] readable = BaseScore.asNumber(bytes);
    return NativeLibrary.call(
        "read the model " + FILE,
        () -> {
          Booster booster = XGBoost.loadModel(readable);
          try {
            check(signature, booster);
            // One row takes longer with more threads; a batch is split by the caller if at all.
            booster.setParam("nthread", 1);
            XgBoostModel model = new XgBoostModel(signature, bytes, booster);
            model.checkOutput();
            return model;
          } catch (XGBoostError | RuntimeException e) {
            booster.dispose();
            throw e;
          }
        });
  }

  @Override
  public Signature signature() {
    return signature;
  }

  @Override
  public String format() {
    return FORMAT;
  }

  @Override
  public SortedMap<String, byte[]> files() {
    SortedMap<String, byte[]> files = new TreeMap<>();
    files.put(FILE, bytes.clone());
    return files;
  }

  @Override
  public void predict(double[] vector, double[] output) {
    int in = signature.width();
    int out = signature.output().width();
    if (vector.length < in || output.length < out) {
      throw new IllegalArgumentException(
          "a vector of "
              + in
              + " and an output of "
              + out
              + " doubles are needed, found "
              + vector.length
              + " and "
              + output.length);
    }
    float[] row = floats(vector, 0, in);
    float[] predicted = evaluate(row, 1)[0];
    for (int i = 0; i < out; i++) {
      output[i] = predicted[i];
    }
  }

  @Override
  public double[] predictAll(double[] vectors, int rows) {
    int in = signature.width();
    int out = signature.output().width();
    if (rows < 0 || vectors.length < (long) rows * in) {
      throw new IllegalArgumentException(
          rows + " rows of " + in + " doubles are needed, found " + vectors.length + " doubles");
    }
    double[] outputs = new double[Math.multiplyExact(rows, out)];
    for (int start = 0; start < rows; start += BATCH_ROWS) {
      int count = Math.min(BATCH_ROWS, rows - start);
      float[][] predicted = evaluate(floats(vectors, start * in, count * in), count);
      for (int row = 0; row < count; row++) {
        for (int i = 0; i < out; i++) {
          outputs[(start + row) * out + i] = predicted[row][i];
        }
      }
    }
    return outputs;
  }

  /** Frees the native memory, once the predictions under way are done. */
  @Override
  public void close() {
    Lock exclusive = lock.writeLock();
    exclusive.lock();
    try {
      if (!closed) {
        closed = true;
        booster.dispose();
      }
    } finally {
      exclusive.unlock();
    }
  }

  private float[][] evaluate(float[] values, int rows) {
    Lock shared = lock.readLock();
    shared.lock();
    try {
      if (closed) {
        throw new IllegalStateException("the XGBoost model is closed");
      }
      return booster.inplace_predict(values, rows, signature.width(), Float.NaN);
    } catch (XGBoostError e) {
      throw new XgBoostException("XGBoost could not predict: " + e.getMessage(), e);
    } finally {
      // A booster frees its memory when it is collected, and only its handle is in use above.
      Reference.reachabilityFence(booster);
      shared.unlock();
    }
  }

  /** Predicts one row, which also makes XGBoost prepare itself before several threads may ask. */
  private void checkOutput() {
    float[] missing = new float[signature.width()];
    Arrays.fill(missing, Float.NaN);
    int found = evaluate(missing, 1)[0].length;
    if (found != signature.output().width()) {
      throw new XgBoostException(
          FILE
              + " predicts "
              + found
              + " numbers a row, the signature says "
              + signature.output().width()
              + "; the package is put together wrongly");
    }
  }

  private static void check(Signature signature, Booster booster) throws XGBoostError {
    String[] names = booster.getFeatureNames();
    // Of bytes that Java takes for no text there is a null.
    List<String> found = names == null ? List.of() : Arrays.asList(names);
    if (booster.getNumFeature() != signature.width()
        || (!found.isEmpty() && !found.equals(signature.names()))) {
      throw new XgBoostException(
          FILE
              + " has "
              + booster.getNumFeature()
              + " features "
              + found
              + ", the signature has "
              + signature.width()
              + " "
              + signature.names()
              + "; the package is put together wrongly");
    }
  }

  private static float[] floats(double[] values, int from, int count) {
    float[] floats = new float[count];
    for (int i = 0; i < count; i++) {
      floats[i] = (float) values[from + i];
    }
    return floats;
  }
}
