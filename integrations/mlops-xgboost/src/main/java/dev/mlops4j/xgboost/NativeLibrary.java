package dev.mlops4j.xgboost;

import java.io.IOException;
import ml.dmlc.xgboost4j.java.XGBoostError;

/** Calls XGBoost and says in words what went wrong. */
final class NativeLibrary {

  private NativeLibrary() {}

  /** A call that goes through XGBoost4J. */
  @FunctionalInterface
  interface Call<R> {
    R run() throws XGBoostError, IOException;
  }

  /**
   * Runs the call.
   *
   * @param asked what it is for, such as {@code train}
   * @throws XgBoostException if XGBoost reports an error or its library cannot be loaded
   */
  static <R> R call(String asked, Call<R> call) {
    try {
      return call.run();
    } catch (XGBoostError | IOException e) {
      throw new XgBoostException("XGBoost could not " + asked + ": " + e.getMessage(), e);
    } catch (LinkageError e) {
      throw new XgBoostException(
          "XGBoost could not "
              + asked
              + ": its native library does not load on "
              + System.getProperty("os.name")
              + " "
              + System.getProperty("os.arch")
              + " ("
              + innermost(e)
              + "); it needs the system's OpenMP library: on Debian and Ubuntu run \"apt-get install"
              + " libgomp1\", on Fedora \"dnf install libgomp\", on macOS \"brew install libomp\"",
          e);
    }
  }

  private static Throwable innermost(Throwable thrown) {
    Throwable at = thrown;
    while (at.getCause() != null) {
      at = at.getCause();
    }
    return at;
  }
}
