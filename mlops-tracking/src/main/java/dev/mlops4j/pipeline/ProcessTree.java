package dev.mlops4j.pipeline;

import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.DirectoryStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Set;

/**
 * A process with all that it and its children have started.
 *
 * <p>A child whose parent has ended is not found below it any longer, and one may be started just
 * when its parent is killed. Where the system shows the environments of processes (Linux), such
 * ones are found by a variable that they have inherited.
 */
final class ProcessTree {

  /** How often it is looked for processes that were started while others were killed. */
  private static final int MOST_ROUNDS = 100;

  private static final Path PROCESSES = Path.of("/proc");

  private final Set<ProcessHandle> known = new LinkedHashSet<>();
  private final byte[] variable;

  /**
   * @param name a variable of its environment
   * @param value its value there, which no other process has
   */
  ProcessTree(ProcessHandle root, String name, String value) {
    known.add(root);
    this.variable = (name + "=" + value).getBytes(StandardCharsets.UTF_8);
  }

  /** Asks all of them to end. */
  void askToEnd() {
    gather();
    known.forEach(ProcessHandle::destroy);
  }

  /** Kills all of them, and those that they start meanwhile. */
  void kill() {
    gather();
    int round = 0;
    do {
      known.forEach(ProcessHandle::destroyForcibly);
    } while (gather() && ++round < MOST_ROUNDS);
  }

  /** Finds what is not known yet; says whether that is any. */
  private boolean gather() {
    boolean more = false;
    for (ProcessHandle process : List.copyOf(known)) {
      more |= known.addAll(process.descendants().toList());
    }
    boolean found = known.addAll(marked());
    return more || found;
  }

  private List<ProcessHandle> marked() {
    List<ProcessHandle> found = new ArrayList<>();
    if (!Files.isDirectory(PROCESSES)) {
      return found;
    }
    try (DirectoryStream<Path> numbers = Files.newDirectoryStream(PROCESSES, "[0-9]*")) {
      for (Path number : numbers) {
        if (isMarked(number)) {
          ProcessHandle.of(Long.parseLong(number.getFileName().toString())).ifPresent(found::add);
        }
      }
    } catch (IOException e) {
      // What is found below the known ones has to do.
    }
    return found;
  }

  private boolean isMarked(Path process) {
    byte[] environment;
    try {
      environment = Files.readAllBytes(process.resolve("environ"));
    } catch (IOException e) {
      // It has ended, or belongs to another user.
      return false;
    }
    int from = 0;
    while (from < environment.length) {
      int end = from;
      while (end < environment.length && environment[end] != 0) {
        end++;
      }
      if (Arrays.equals(environment, from, end, variable, 0, variable.length)) {
        return true;
      }
      from = end + 1;
    }
    return false;
  }
}
