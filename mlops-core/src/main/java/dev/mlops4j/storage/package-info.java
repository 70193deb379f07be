/** For authors of backends: transactions, SQL dialects and migrations. */
@NullMarked
package dev.mlops4j.storage;

import org.jspecify.annotations.NullMarked;
