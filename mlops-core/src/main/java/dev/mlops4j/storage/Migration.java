package dev.mlops4j.storage;

import java.util.List;
import java.util.function.Function;

/**
 * One step of a component's schema. A step that was released is never changed; the next one changes
 * what it made.
 *
 * @param version the number of the step; the first is 1
 * @param oldestReader the smallest number of steps that a library must know to read and write the
 *     schema after this step; {@code version} if older ones must not, less if they may (a table or
 *     a nullable column more does not disturb them)
 * @param statements the statements of the step, in order, in the words of the dialect
 */
public record Migration(int version, int oldestReader, Function<Dialect, List<String>> statements) {

  /**
   * Checks the numbers.
   *
   * @throws IllegalArgumentException unless {@code 1 <= oldestReader <= version}
   */
  public Migration {
    if (oldestReader < 1 || oldestReader > version) {
      throw new IllegalArgumentException(
          "the oldest reader of step "
              + version
              + " is 1 to "
              + version
              + ", found "
              + oldestReader);
    }
  }

  /**
   * A step whose statements are the same in every dialect, and that older libraries must not use.
   */
  public static Migration of(int version, String... statements) {
    List<String> list = List.of(statements);
    return new Migration(version, version, dialect -> list);
  }
}
