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
      throw new XgBoostException("XGBoost could not " + asked + ": " + problem(e), e);
    }
  }

  /** Only what a linker says is about native libraries; the rest is about the class path. */
  private static String problem(LinkageError error) {
    if (isOfLinker(error)) {
      return "its native library does not load on "
          + System.getProperty("os.name")
          + " "
          + System.getProperty("os.arch")
          + " ("
          + innermost(error)
          + "); it needs the system's OpenMP library: on Debian and Ubuntu run \"apt-get install"
          + " libgomp1\", on Fedora \"dnf install libgomp\", on macOS \"brew install libomp\"";
    }
    return "a class does not load ("
        + innermost(error)
        + "); see that the class path has the libraries XGBoost4J needs, each once and in the"
        + " version it was built with";
  }

  private static boolean isOfLinker(Throwable thrown) {
    for (Throwable at = thrown; at != null; at = at.getCause()) {
      String message = String.valueOf(at.getMessage());
      if (at instanceof UnsatisfiedLinkError
          || message.contains("libgomp")
          || message.contains("libomp")
          || message.contains("UnsatisfiedLinkError")) {
        return true;
      }
    }
    return false;
  }

  private static Throwable innermost(Throwable thrown) {
    Throwable at = thrown;
    while (at.getCause() != null) {
      at = at.getCause();
    }
    return at;
  }
}
