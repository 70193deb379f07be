/**
 * What steps of pipelines log through Logback. It is enough that this module is on the class path.
 */
@NullMarked
package dev.mlops4j.logback;

import org.jspecify.annotations.NullMarked;
