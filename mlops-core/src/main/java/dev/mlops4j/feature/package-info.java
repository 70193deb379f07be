/** Features computed by the same code for training and for serving. */
@NullMarked
package dev.mlops4j.feature;

import org.jspecify.annotations.NullMarked;
