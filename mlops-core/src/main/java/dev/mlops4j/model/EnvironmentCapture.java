package dev.mlops4j.model;

import dev.mlops4j.Digest;
import dev.mlops4j.model.Environment.ClassPathEntry;
import java.io.File;
import java.io.IOException;
import java.io.InputStream;
import java.io.OutputStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.security.DigestOutputStream;
import java.security.MessageDigest;
import java.time.ZoneId;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.Properties;
import java.util.regex.Pattern;
import org.jspecify.annotations.Nullable;

/** Looks at the JVM and its surroundings. What cannot be read is left out, never an error. */
final class EnvironmentCapture {

  private static final String UNKNOWN = "unknown";
  private static final int DIRECTORY_NAMES = 3;

  private EnvironmentCapture() {}

  static Environment capture() {
    return new Environment(
        libraryVersion(),
        property("java.version") + " " + property("java.vendor"),
        property("os.name") + " " + property("os.version"),
        property("os.arch"),
        Runtime.getRuntime().availableProcessors(),
        ZoneId.systemDefault().getId(),
        Locale.getDefault().toLanguageTag(),
        GitCheckout.current().commit(),
        classPath(
            System.getProperty("java.class.path", ""), System.getProperty("jdk.module.path", "")));
  }

  static List<ClassPathEntry> classPath(String... paths) {
    List<ClassPathEntry> entries = new ArrayList<>();
    for (String path : paths) {
      for (String entry : path.split(Pattern.quote(File.pathSeparator), -1)) {
        if (!entry.isEmpty()) {
          entries.add(classPathEntry(Path.of(entry).toAbsolutePath().normalize()));
        }
      }
    }
    return entries;
  }

  private static ClassPathEntry classPathEntry(Path path) {
    if (Files.isRegularFile(path)) {
      return new ClassPathEntry(end(path, 1), digest(path));
    }
    return new ClassPathEntry(end(path, DIRECTORY_NAMES), null);
  }

  private static String end(Path path, int names) {
    int count = path.getNameCount();
    return count == 0
        ? "/"
        : path.subpath(Math.max(0, count - names), count).toString().replace('\\', '/');
  }

  private static @Nullable Digest digest(Path file) {
    MessageDigest sha256 = Digest.sha256();
    try (OutputStream sink = new DigestOutputStream(OutputStream.nullOutputStream(), sha256)) {
      Files.copy(file, sink);
    } catch (IOException e) {
      return null;
    }
    return Digest.of(sha256);
  }

  private static String libraryVersion() {
    Properties properties = new Properties();
    try (InputStream in = EnvironmentCapture.class.getResourceAsStream("library.properties")) {
      if (in != null) {
        properties.load(in);
      }
    } catch (IOException e) {
      return UNKNOWN;
    }
    return properties.getProperty("version", UNKNOWN);
  }

  private static String property(String name) {
    return System.getProperty(name, UNKNOWN);
  }
}
