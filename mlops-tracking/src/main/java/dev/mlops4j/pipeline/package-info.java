/**
 * Training as plain Java: typed steps whose outputs are kept, so that a run can be cached, resumed
 * and looked at afterwards. A pipeline run is a tracked run, a step is a child of it.
 *
 * <p>{@link dev.mlops4j.pipeline.Pipeline} is the way in.
 */
@NullMarked
package dev.mlops4j.pipeline;

import org.jspecify.annotations.NullMarked;
