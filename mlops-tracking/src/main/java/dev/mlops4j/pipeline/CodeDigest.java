package dev.mlops4j.pipeline;

import dev.mlops4j.Digest;
import java.io.IOException;
import java.io.InputStream;

/** Tells code apart by the bytes of the class in which it is written. */
final class CodeDigest {

  private static final String LAMBDA = "$$Lambda";

  /** Goes with the class, which a service may load anew. */
  private static final ClassValue<String> KNOWN =
      new ClassValue<>() {
        @Override
        protected String computeValue(Class<?> type) {
          return ofClass(type);
        }
      };

  private CodeDigest() {}

  /**
   * The digest of the class file in which a lambda, method reference or object's class is written;
   * empty if it cannot be found, as of a class that was generated. What that class calls is not in
   * it.
   */
  static String of(Object code) {
    return KNOWN.get(code.getClass());
  }

  private static String ofClass(Class<?> type) {
    String name = type.getName();
    int lambda = name.indexOf(LAMBDA);
    String file = (lambda < 0 ? name : name.substring(0, lambda)).replace('.', '/') + ".class";
    ClassLoader loader = type.getClassLoader();
    try (InputStream in =
        loader == null
            ? ClassLoader.getSystemResourceAsStream(file)
            : loader.getResourceAsStream(file)) {
      return in == null ? "" : Digest.of(in.readAllBytes()).hex();
    } catch (IOException e) {
      return "";
    }
  }
}
