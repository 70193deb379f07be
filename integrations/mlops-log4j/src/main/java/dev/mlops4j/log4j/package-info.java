/**
 * What steps of pipelines log through Log4j 2. It is enough that this module is on the class path.
 */
@NullMarked
package dev.mlops4j.log4j;

import org.jspecify.annotations.NullMarked;
