package dev.mlops4j.workspace;

import java.io.IOException;
import java.net.InetAddress;
import java.net.UnknownHostException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Optional;

/**
 * Which process something belongs to, so that another one can tell whether it has died. Immutable.
 *
 * <p>A process number is used again after its process has ended, and means another process on
 * another host or in another container; so the identity also says in which space of numbers it
 * counts, and when the process started.
 *
 * @param host the name of the host, for people
 * @param space where the process number counts: two processes see the same numbers only if their
 *     spaces are equal
 * @param pid the process number
 * @param started when the process started, in a form that is only compared; empty if unknown
 */
public record ProcessIdentity(String host, String space, long pid, String started) {

  private static final Path PROC = Path.of("/proc");

  /** The 22nd field of {@code /proc/PID/stat}, counted from the one after the command's name. */
  private static final int START_TIME_FIELD = 19;

  /** That of this process. */
  public static ProcessIdentity current() {
    return Current.IDENTITY;
  }

  /**
   * Whether the process is known to have ended. False if it lives, and also if that cannot be told
   * from here because it ran on another host or in another container.
   */
  public boolean isGone() {
    if (!space.equals(current().space)) {
      return false;
    }
    Optional<ProcessHandle> process = ProcessHandle.of(pid).filter(ProcessHandle::isAlive);
    if (process.isEmpty()) {
      return true;
    }
    String now = started(process.get());
    return !started.isEmpty() && !now.isEmpty() && !started.equals(now);
  }

  /** The host and the process number, for people. */
  @Override
  public String toString() {
    return "process " + pid + " on " + host;
  }

  /**
   * The start in clock ticks since the host's own start where the system tells it, because an
   * instant computed from it moves when the host's clock is set.
   */
  private static String started(ProcessHandle process) {
    Path stat = PROC.resolve(Long.toString(process.pid())).resolve("stat");
    if (Files.isReadable(stat)) {
      try {
        String line = Files.readString(stat);
        return line.substring(line.lastIndexOf(')') + 2).split(" ", -1)[START_TIME_FIELD];
      } catch (IOException e) {
        return "";
      }
    }
    return process.info().startInstant().map(i -> Long.toString(i.toEpochMilli())).orElse("");
  }

  private static String hostName() {
    try {
      return InetAddress.getLocalHost().getHostName();
    } catch (UnknownHostException e) {
      return "unknown";
    }
  }

  /** The host's name, on Linux with its present boot and the namespace of process numbers. */
  private static String space(String host) {
    StringBuilder space = new StringBuilder(host);
    try {
      space.append('/').append(Files.readString(PROC.resolve("sys/kernel/random/boot_id")).strip());
      space.append('/').append(Files.readSymbolicLink(PROC.resolve("self/ns/pid")));
    } catch (IOException | UnsupportedOperationException e) {
      return host;
    }
    return space.toString();
  }

  private static final class Current {
    static final ProcessIdentity IDENTITY = capture();

    private static ProcessIdentity capture() {
      ProcessHandle process = ProcessHandle.current();
      String host = hostName();
      return new ProcessIdentity(host, space(host), process.pid(), started(process));
    }
  }
}
