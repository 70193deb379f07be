/** Self-contained HTML reports and text tables. */
@NullMarked
package dev.mlops4j.report;

import org.jspecify.annotations.NullMarked;
