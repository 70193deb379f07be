package dev.mlops4j.registry;

import dev.mlops4j.model.StoredPackage;
import org.jspecify.annotations.Nullable;

/**
 * A package to be registered: for authors of backends. Immutable.
 *
 * @param model the model's name
 * @param stored the package
 * @param importedFrom of which version of which workspace it is a copy, for people; or null
 */
public record Registration(String model, StoredPackage stored, @Nullable String importedFrom) {}
