package dev.mlops4j.model;

import dev.mlops4j.Digest;

/**
 * A model package that is among a workspace's artifacts: what logging one gives and registering one
 * takes.
 *
 * @param digest the digest under which the package's files are stored
 * @param manifest what the package says of itself
 * @param facts what the run that made it had logged by then
 */
public record StoredPackage(Digest digest, Manifest manifest, RunFacts facts) {

  /** A package of which no run is known that logged anything. */
  public StoredPackage(Digest digest, Manifest manifest) {
    this(digest, manifest, RunFacts.NONE);
  }
}
