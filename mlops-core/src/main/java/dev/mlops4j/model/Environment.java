package dev.mlops4j.model;

import dev.mlops4j.Digest;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/**
 * Where a model was trained. Immutable. It holds no host name, user name or absolute path.
 *
 * @param libraryVersion the version of MLOps4J
 * @param java the version and vendor of the JVM
 * @param os the name and version of the operating system
 * @param architecture the processor's architecture, such as {@code amd64}
 * @param processors how many processors the JVM sees
 * @param timeZone the JVM's default time zone
 * @param locale the JVM's default locale as a language tag
 * @param gitCommit the commit of the code; null if none is known, see {@link GitCheckout}
 * @param classPath the class path, in its order
 */
public record Environment(
    String libraryVersion,
    String java,
    String os,
    String architecture,
    int processors,
    String timeZone,
    String locale,
    @Nullable String gitCommit,
    List<ClassPathEntry> classPath) {

  /** Copies the class path. */
  public Environment {
    classPath = List.copyOf(classPath);
  }

  /**
   * That of this process. Captured once: the first call reads the jars of the class path to digest
   * them (about 100 ms for 30 MB), later ones return the same.
   */
  public static Environment current() {
    return Captured.ENVIRONMENT;
  }

  /** All but the class path, by name and in order, for comparing and showing. */
  public Map<String, String> properties() {
    Map<String, String> properties = new LinkedHashMap<>();
    properties.put("mlops4j", libraryVersion);
    properties.put("java", java);
    properties.put("os", os);
    properties.put("architecture", architecture);
    properties.put("processors", Integer.toString(processors));
    properties.put("time zone", timeZone);
    properties.put("locale", locale);
    if (gitCommit != null) {
      properties.put("git.commit", gitCommit);
    }
    return properties;
  }

  /**
   * An entry of the class path.
   *
   * @param name the file's name; of a directory the end of its path
   * @param digest of a file; null of a directory
   */
  public record ClassPathEntry(String name, @Nullable Digest digest) {}

  private static final class Captured {
    static final Environment ENVIRONMENT = EnvironmentCapture.capture();
  }
}
