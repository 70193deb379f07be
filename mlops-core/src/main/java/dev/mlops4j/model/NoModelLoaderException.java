package dev.mlops4j.model;

import dev.mlops4j.MlopsException;
import java.util.Map;
import java.util.TreeMap;
import java.util.stream.Collectors;

/** None of the loaders can load a package. */
public class NoModelLoaderException extends MlopsException {

  private static final long serialVersionUID = 1L;

  private final String format;
  private final TreeMap<String, String> reasons;

  /**
   * Creates an exception.
   *
   * @param format the package's format
   * @param reasons why not, by the loader's name; empty if there is no loader at all
   */
  public NoModelLoaderException(String format, Map<String, String> reasons) {
    super(message(format, reasons));
    this.format = format;
    this.reasons = new TreeMap<>(reasons);
  }

  /** The package's format. */
  public String format() {
    return format;
  }

  /** Why each loader cannot load it, by the loader's name. */
  public Map<String, String> reasons() {
    return Map.copyOf(reasons);
  }

  private static String message(String format, Map<String, String> reasons) {
    String found =
        reasons.isEmpty()
            ? "there is no loader on the class path"
            : new TreeMap<>(reasons)
                .entrySet().stream()
                    .map(reason -> reason.getKey() + ": " + reason.getValue())
                    .collect(Collectors.joining("; "));
    return "no loader for a model package of format \""
        + format
        + "\" ("
        + found
        + "); add the module that reads this format to the class path, or hand its loader to"
        + " ModelLoaders.of";
  }
}
