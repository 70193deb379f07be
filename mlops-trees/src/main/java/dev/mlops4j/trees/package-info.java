/**
 * Scores gradient-boosted trees, trained by XGBoost or LightGBM, in pure Java: {@link
 * dev.mlops4j.trees.TreeModel} is all there is to it.
 */
@NullMarked
package dev.mlops4j.trees;

import org.jspecify.annotations.NullMarked;
