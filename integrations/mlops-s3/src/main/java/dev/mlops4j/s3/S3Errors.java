package dev.mlops4j.s3;

import dev.mlops4j.s3.S3StorageException.Problem;
import dev.mlops4j.storage.StorageException;
import dev.mlops4j.storage.StorageFullException;
import dev.mlops4j.storage.StorageReadOnlyException;
import java.util.List;
import java.util.Set;
import org.jspecify.annotations.Nullable;
import software.amazon.awssdk.awscore.exception.AwsErrorDetails;
import software.amazon.awssdk.core.exception.SdkException;
import software.amazon.awssdk.core.exception.SdkServiceException;
import software.amazon.awssdk.services.s3.model.S3Error;
import software.amazon.awssdk.services.s3.model.S3Exception;

/** What the SDK throws, as exceptions of the library. */
final class S3Errors {

  private static final int NOT_FOUND = 404;
  private static final int INSUFFICIENT_STORAGE = 507;
  private static final int FIRST_SERVER_ERROR = 500;
  private static final Set<Integer> DENIED = Set.of(401, 403);
  private static final Set<Integer> ELSEWHERE = Set.of(301, 307);

  private static final String NO_SUCH_BUCKET = "NoSuchBucket";

  private final String bucket;
  private final String server;

  /**
   * @param server the endpoint, as people know it
   */
  S3Errors(String bucket, String server) {
    this.bucket = bucket;
    this.server = server;
  }

  StorageException cannotWrite(@Nullable String key, SdkException e) {
    int status = status(e);
    String asked = "cannot write " + place(key);
    if (DENIED.contains(status)) {
      return new StorageReadOnlyException(
          asked
              + ": access denied ("
              + said(e)
              + "). Nothing was stored; check the credentials, and that they allow s3:PutObject,"
              + " s3:AbortMultipartUpload and s3:DeleteObject there",
          e);
    }
    if (status == INSUFFICIENT_STORAGE || code(e).equals("QuotaExceeded")) {
      return new StorageFullException(
          asked + ": there is no room (" + said(e) + "). Nothing was stored", e);
    }
    return other(asked, key, e);
  }

  StorageException cannotRead(@Nullable String key, SdkException e) {
    String asked = "cannot read " + place(key);
    if (DENIED.contains(status(e))) {
      return failure(
          Problem.ACCESS_DENIED,
          key,
          asked
              + ": access denied ("
              + said(e)
              + "). Check the credentials, and that they allow s3:GetObject there and s3:ListBucket"
              + " for the bucket; without the latter what is missing is denied too",
          e);
    }
    return other(asked, key, e);
  }

  /** Some of what was to be deleted was not. */
  StorageException notDeleted(List<S3Error> refused) {
    S3Error first = refused.get(0);
    if (NO_SUCH_BUCKET.equals(first.code())) {
      return noSuchBucket(first.key(), null);
    }
    String message =
        "cannot delete "
            + refused.size()
            + " objects of bucket \""
            + bucket
            + "\" at "
            + server
            + ", as \""
            + first.key()
            + "\": "
            + first.code()
            + ", "
            + first.message();
    return "AccessDenied".equals(first.code())
        ? new StorageReadOnlyException(
            message + ". Check that the credentials allow s3:DeleteObject there", null)
        : new S3StorageException(Problem.OTHER, bucket, first.key(), message, null);
  }

  static boolean isNotFound(SdkException e) {
    return status(e) == NOT_FOUND && !isNoSuchBucket(e);
  }

  static boolean isNoSuchBucket(SdkException e) {
    return code(e).equals(NO_SUCH_BUCKET);
  }

  StorageException noSuchBucket(@Nullable String key, @Nullable SdkException e) {
    return failure(
        Problem.NO_SUCH_BUCKET,
        key,
        "there is no bucket \""
            + bucket
            + "\" at "
            + server
            + "; make it, or name the one that is there",
        e);
  }

  private StorageException other(String asked, @Nullable String key, SdkException e) {
    if (isNoSuchBucket(e)) {
      return noSuchBucket(key, e);
    }
    if (!(e instanceof SdkServiceException)) {
      return failure(
          Problem.UNREACHABLE,
          key,
          asked
              + ": no answer ("
              + e.getMessage()
              + "). Check the endpoint, the network and that there are credentials, and try again",
          e);
    }
    int status = status(e);
    if (ELSEWHERE.contains(status)) {
      return failure(
          Problem.OTHER,
          key,
          asked + ": the bucket is in another region (" + said(e) + "). Name that region",
          e);
    }
    if (status >= FIRST_SERVER_ERROR) {
      return failure(
          Problem.UNAVAILABLE,
          key,
          asked + ": the server cannot do it now (" + said(e) + "). Try again later",
          e);
    }
    return failure(Problem.OTHER, key, asked + ": " + said(e), e);
  }

  private S3StorageException failure(
      Problem problem, @Nullable String key, String message, @Nullable SdkException e) {
    return new S3StorageException(problem, bucket, key, message, e);
  }

  private String place(@Nullable String key) {
    return (key == null ? "bucket \"" : "object \"" + key + "\" of bucket \"")
        + bucket
        + "\" at "
        + server;
  }

  private static int status(SdkException e) {
    return e instanceof SdkServiceException service ? service.statusCode() : 0;
  }

  private static String code(SdkException e) {
    AwsErrorDetails details = e instanceof S3Exception s3 ? s3.awsErrorDetails() : null;
    String code = details == null ? null : details.errorCode();
    return code == null ? "" : code;
  }

  private static String said(SdkException e) {
    return "status " + status(e) + ", " + e.getMessage();
  }
}
