/** One model behind two servers on this machine, under the same load. */
@NullMarked
package dev.mlops4j.benchmarks.http;

import org.jspecify.annotations.NullMarked;
