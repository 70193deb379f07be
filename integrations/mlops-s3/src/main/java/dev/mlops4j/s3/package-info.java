/** Artifacts in S3. */
@NullMarked
package dev.mlops4j.s3;

import org.jspecify.annotations.NullMarked;
