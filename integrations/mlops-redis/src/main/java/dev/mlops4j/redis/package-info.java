/** An {@link dev.mlops4j.feature.OnlineStore} in Redis. */
@NullMarked
package dev.mlops4j.redis;

import org.jspecify.annotations.NullMarked;
