/** Contract tests that every backend passes, and what tests of users need. */
@NullMarked
package dev.mlops4j.testkit;

import org.jspecify.annotations.NullMarked;
