package dev.mlops4j.s3;

import dev.mlops4j.Digest;
import java.io.ByteArrayInputStream;
import java.util.ArrayList;
import java.util.Base64;
import java.util.HexFormat;
import java.util.List;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;
import software.amazon.awssdk.core.exception.SdkException;
import software.amazon.awssdk.core.sync.RequestBody;
import software.amazon.awssdk.services.s3.S3Client;
import software.amazon.awssdk.services.s3.model.AbortMultipartUploadRequest;
import software.amazon.awssdk.services.s3.model.ChecksumAlgorithm;
import software.amazon.awssdk.services.s3.model.CompleteMultipartUploadRequest;
import software.amazon.awssdk.services.s3.model.CompletedPart;
import software.amazon.awssdk.services.s3.model.CreateMultipartUploadRequest;
import software.amazon.awssdk.services.s3.model.HeadObjectRequest;
import software.amazon.awssdk.services.s3.model.NoSuchUploadException;
import software.amazon.awssdk.services.s3.model.UploadPartRequest;

/**
 * Stores an object piece by piece. It is seen when all are there, or never: what fails is taken
 * back, and where that fails too the bucket's rule for incomplete uploads has to do it.
 */
final class MultipartUpload {

  private static final Logger LOG = LoggerFactory.getLogger(MultipartUpload.class);
  private static final long MOST_PARTS = 10_000;

  private final S3Client client;
  private final String bucket;
  private final String key;
  private final boolean checksums;

  MultipartUpload(S3Client client, String bucket, String key, boolean checksums) {
    this.client = client;
    this.bucket = bucket;
    this.key = key;
    this.checksums = checksums;
  }

  /** The checksum of these bytes as S3 wants it. */
  static String checksum(Digest digest) {
    return Base64.getEncoder().encodeToString(HexFormat.of().parseHex(digest.hex()));
  }

  /**
   * Stores all of {@code content}, holding one part in memory.
   *
   * @param partBytes the size of all parts but the last; more if there were too many parts
   */
  void put(Spool content, int partBytes) {
    String id = begin();
    boolean complete = false;
    try {
      complete(id, parts(id, content, partSize(content.size(), partBytes)), content.size());
      complete = true;
    } finally {
      if (!complete) {
        abort(id);
      }
    }
  }

  static int partSize(long size, int partBytes) {
    long least = (size + MOST_PARTS - 1) / MOST_PARTS;
    return Math.toIntExact(Math.max(partBytes, least));
  }

  private String begin() {
    CreateMultipartUploadRequest request =
        CreateMultipartUploadRequest.builder()
            .bucket(bucket)
            .key(key)
            .checksumAlgorithm(checksums ? ChecksumAlgorithm.SHA256 : null)
            .build();
    return Uninterrupted.get(() -> client.createMultipartUpload(request)).uploadId();
  }

  private List<CompletedPart> parts(String id, Spool content, int partSize) {
    List<CompletedPart> parts = new ArrayList<>();
    for (long offset = 0; offset < content.size(); offset += partSize) {
      int length = (int) Math.min(partSize, content.size() - offset);
      parts.add(part(id, parts.size() + 1, content.part(offset, length)));
    }
    return parts;
  }

  private CompletedPart part(String id, int number, byte[] bytes) {
    @Nullable String checksum = checksums ? checksum(Digest.of(bytes)) : null;
    UploadPartRequest request =
        UploadPartRequest.builder()
            .bucket(bucket)
            .key(key)
            .uploadId(id)
            .partNumber(number)
            .contentLength((long) bytes.length)
            .checksumSHA256(checksum)
            .build();
    String eTag =
        Uninterrupted.get(
                () ->
                    client.uploadPart(
                        request,
                        RequestBody.fromContentProvider(
                            () -> new ByteArrayInputStream(bytes),
                            bytes.length,
                            "application/octet-stream")))
            .eTag();
    return CompletedPart.builder().partNumber(number).eTag(eTag).checksumSHA256(checksum).build();
  }

  private void complete(String id, List<CompletedPart> parts, long size) {
    CompleteMultipartUploadRequest request =
        CompleteMultipartUploadRequest.builder()
            .bucket(bucket)
            .key(key)
            .uploadId(id)
            .multipartUpload(upload -> upload.parts(parts))
            .build();
    try {
      Uninterrupted.get(() -> client.completeMultipartUpload(request));
    } catch (NoSuchUploadException e) {
      // An answer that was lost, and the request sent again.
      if (!isThere(size)) {
        throw e;
      }
    }
  }

  private boolean isThere(long size) {
    HeadObjectRequest request = HeadObjectRequest.builder().bucket(bucket).key(key).build();
    try {
      return Uninterrupted.get(() -> client.headObject(request)).contentLength() == size;
    } catch (SdkException e) {
      return false;
    }
  }

  private void abort(String id) {
    AbortMultipartUploadRequest request =
        AbortMultipartUploadRequest.builder().bucket(bucket).key(key).uploadId(id).build();
    try {
      Uninterrupted.get(() -> client.abortMultipartUpload(request));
    } catch (SdkException e) {
      LOG.warn("parts of a failed upload of {} stay in bucket {}: {}", key, bucket, e.getMessage());
    }
  }
}
