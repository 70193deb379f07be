/** Model versions, their stages, aliases and history. */
@NullMarked
package dev.mlops4j.registry;

import org.jspecify.annotations.NullMarked;
