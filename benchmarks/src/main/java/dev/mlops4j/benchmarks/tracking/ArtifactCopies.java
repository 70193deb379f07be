package dev.mlops4j.benchmarks.tracking;

import dev.mlops4j.Digest;
import dev.mlops4j.benchmarks.DisagreementException;
import dev.mlops4j.benchmarks.Units;
import dev.mlops4j.tracking.Run;
import dev.mlops4j.tracking.RunArtifact;
import dev.mlops4j.tracking.Tracking;
import dev.mlops4j.workspace.Workspace;
import java.io.FileInputStream;
import java.io.FileOutputStream;
import java.io.IOException;
import java.io.OutputStream;
import java.lang.management.ManagementFactory;
import java.lang.management.MemoryPoolMXBean;
import java.lang.management.MemoryType;
import java.nio.file.Files;
import java.nio.file.Path;
import java.security.MessageDigest;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.Random;
import java.util.stream.Stream;

/**
 * A file of 1 GB stored as an artifact and read again, beside the plainest program that copies it
 * and takes its SHA-256. Run in a small heap, in a JVM of its own.
 */
final class ArtifactCopies {

  private static final int ROUNDS = 5;
  private static final long BYTES = 1L << 30;
  private static final int BUFFER_BYTES = 1 << 16;
  private static final double NANOS = 1e9;
  private static final double MEGA = 1e6;

  private final List<Double> put = new ArrayList<>();
  private final List<Double> forced = new ArrayList<>();
  private final List<Double> read = new ArrayList<>();
  private final List<Double> copied = new ArrayList<>();

  private ArtifactCopies() {}

  /**
   * What it came to.
   *
   * @param put megabytes a second into the workspace, and of a copy with its digest that is forced
   *     to the disk
   * @param read megabytes a second out of it, and of a copy with its digest
   * @param heap the most megabytes of memory in use
   */
  record Rates(double put, double forced, double read, double copied, double heap) {

    static Rates of(String printed) {
      double[] numbers =
          printed.strip().lines().mapToDouble(line -> Double.parseDouble(line)).toArray();
      return new Rates(numbers[0], numbers[1], numbers[2], numbers[3], numbers[4]);
    }
  }

  /**
   * Measures, and prints a number a line.
   *
   * @param args a directory, which is made
   */
  public static void main(String[] args) throws IOException {
    Path directory = Files.createDirectories(Path.of(args[0]));
    Path file = directory.resolve("file");
    write(file);
    ArtifactCopies copies = new ArtifactCopies();
    // The first round warms up. Each has a workspace of its own: content that is there already
    // would
    // be replaced, and the time that takes is that of a deletion.
    for (int round = 0; round <= ROUNDS; round++) {
      Path of = directory.resolve("workspace-" + round);
      try (Workspace workspace = Workspace.open(of);
          Tracking tracking = Tracking.in(workspace);
          Run run = tracking.start("artifacts")) {
        copies.round(round > 0, file, directory.resolve("copy"), workspace, run);
      }
      delete(of);
    }
    for (List<Double> seconds : List.of(copies.put, copies.forced, copies.read, copies.copied)) {
      System.err.println("# seconds " + seconds);
      System.out.println(BYTES / MEGA / Units.median(seconds));
    }
    System.out.println(mostHeap());
  }

  private void round(boolean counts, Path file, Path copy, Workspace workspace, Run run)
      throws IOException {
    long begin = System.nanoTime();
    Digest digest = copy(file, copy, true);
    note(counts, forced, begin);
    begin = System.nanoTime();
    RunArtifact artifact = run.artifact("model.bin", file);
    note(counts, put, begin);
    begin = System.nanoTime();
    copy(file, copy, false);
    note(counts, copied, begin);
    Files.delete(copy);
    begin = System.nanoTime();
    workspace.artifacts().writeTo(artifact.digest(), copy);
    note(counts, read, begin);
    if (!digest.equals(artifact.digest()) || Files.mismatch(file, copy) >= 0) {
      throw new DisagreementException("the artifact is not the file");
    }
    Files.delete(copy);
  }

  private static void note(boolean counts, List<Double> seconds, long begin) {
    if (counts) {
      seconds.add((System.nanoTime() - begin) / NANOS);
    }
  }

  private static Digest copy(Path from, Path to, boolean force) throws IOException {
    MessageDigest sha256 = Digest.sha256();
    byte[] buffer = new byte[BUFFER_BYTES];
    try (FileInputStream in = new FileInputStream(from.toFile());
        FileOutputStream out = new FileOutputStream(to.toFile())) {
      for (int n = in.read(buffer); n >= 0; n = in.read(buffer)) {
        sha256.update(buffer, 0, n);
        out.write(buffer, 0, n);
      }
      if (force) {
        out.getFD().sync();
      }
    }
    return Digest.of(sha256);
  }

  private static void write(Path file) throws IOException {
    Random random = new Random(1);
    byte[] block = new byte[1 << 20];
    try (OutputStream out = Files.newOutputStream(file)) {
      for (long written = 0; written < BYTES; written += block.length) {
        random.nextBytes(block);
        out.write(block);
      }
    }
  }

  private static void delete(Path directory) throws IOException {
    try (Stream<Path> files = Files.walk(directory)) {
      for (Path file : files.sorted(Comparator.reverseOrder()).toList()) {
        Files.delete(file);
      }
    }
  }

  private static double mostHeap() {
    return ManagementFactory.getMemoryPoolMXBeans().stream()
            .filter(pool -> pool.getType() == MemoryType.HEAP)
            .map(MemoryPoolMXBean::getPeakUsage)
            .mapToLong(usage -> usage.getUsed())
            .sum()
        / MEGA;
  }
}
