package dev.mlops4j.model;

import java.util.Optional;
import java.util.Set;

/**
 * Makes models of packages. Found with {@link java.util.ServiceLoader}, or handed to {@link
 * ModelLoaders#of}.
 *
 * <p>Implementations are safe for any number of threads, have a public constructor without
 * parameters if they are to be found, and touch no native library before {@link #load}. They treat
 * a package as data: no class that a file names is ever loaded, no Java serialization is read.
 */
public interface ModelLoader {

  /** A name that no other loader has, such as {@code xgboost4j}. */
  String name();

  /** Whether it needs native code; pure Java is preferred. */
  boolean isNative();

  /**
   * The formats of which it can load packages, at least one. A service that follows a registry
   * tells it these, so that a version of another format is not promoted under it.
   */
  Set<String> formats();

  /**
   * Why it cannot load a package, in words for people, such as {@code reads xgboost-ubj only};
   * empty if it can. Decides by the manifest alone and never throws.
   */
  Optional<String> whyNot(Manifest manifest);

  /**
   * What a bare file holds, if it is of one of the formats; empty if it is not, or if models of the
   * format say too little to tell. Never throws for what a file of another kind contains.
   *
   * @throws ModelLoadException if it is of a format, and cannot be loaded; the message says why and
   *     what to do
   */
  default Optional<ModelDescription> describe(byte[] file) {
    return Optional.empty();
  }

  /**
   * Loads the model. Called only for a package for whose manifest {@link #whyNot} is empty and
   * whose files were verified against their digests.
   *
   * @return a model that the caller closes; its signature is that of the manifest
   * @throws ModelLoadException if the files are not of the format, or are refused as unsafe, or the
   *     machine lacks what the loader needs; nothing is held then
   */
  Model load(ModelPackage modelPackage);

  /**
   * How far predictions for the golden rows may be from those at training: {@code |found -
   * expected| <= tolerance * max(1, |expected|)}. 0 means equal to the bit, save that all NaNs are
   * equal.
   */
  double tolerance();
}
