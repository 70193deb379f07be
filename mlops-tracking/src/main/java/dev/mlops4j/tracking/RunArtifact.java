package dev.mlops4j.tracking;

import dev.mlops4j.Digest;

/**
 * Something that a run made, among the workspace's artifacts.
 *
 * @param path its name within the run, such as {@code plots/roc.html}
 * @param kind a file, or a tree of files such as a model package
 * @param digest the digest under which it is stored
 * @param bytes how many bytes it has, those of all files of a tree together
 */
public record RunArtifact(String path, Kind kind, Digest digest, long bytes) {

  /** What an artifact is. */
  public enum Kind {
    /** One file. */
    FILE,
    /** A model package: a tree of files. */
    MODEL
  }
}
