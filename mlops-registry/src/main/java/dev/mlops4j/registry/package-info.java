/**
 * Model versions, the stages they are in, and who put them there, when and why.
 *
 * <p>{@link dev.mlops4j.registry.Registry} is the way in. A backend implements {@link
 * dev.mlops4j.registry.RegistryStore}.
 */
@NullMarked
package dev.mlops4j.registry;

import org.jspecify.annotations.NullMarked;
