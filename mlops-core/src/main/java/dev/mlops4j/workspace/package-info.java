/** The workspace: where metadata and artifacts are kept. */
@NullMarked
package dev.mlops4j.workspace;

import org.jspecify.annotations.NullMarked;
