/** Predictors over HTTP: the Open Inference Protocol, MLflow's scoring protocol, plain JSON. */
@NullMarked
package dev.mlops4j.http;

import org.jspecify.annotations.NullMarked;
