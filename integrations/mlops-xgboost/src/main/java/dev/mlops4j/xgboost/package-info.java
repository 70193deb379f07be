/** XGBoost models, trained and run by XGBoost's native library. */
@NullMarked
package dev.mlops4j.xgboost;

import org.jspecify.annotations.NullMarked;
