package dev.mlops4j.s3;

import dev.mlops4j.Digest;
import dev.mlops4j.storage.StorageException;
import dev.mlops4j.workspace.ArtifactStore;
import dev.mlops4j.workspace.NoSuchArtifactException;
import dev.mlops4j.workspace.StoredArtifact;
import java.io.ByteArrayInputStream;
import java.io.IOException;
import java.io.InputStream;
import java.net.URI;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Collection;
import java.util.List;
import java.util.function.Consumer;
import java.util.function.Supplier;
import java.util.regex.Pattern;
import org.jspecify.annotations.Nullable;
import software.amazon.awssdk.auth.credentials.AwsBasicCredentials;
import software.amazon.awssdk.auth.credentials.AwsCredentials;
import software.amazon.awssdk.auth.credentials.StaticCredentialsProvider;
import software.amazon.awssdk.core.ResponseInputStream;
import software.amazon.awssdk.core.checksums.RequestChecksumCalculation;
import software.amazon.awssdk.core.checksums.ResponseChecksumValidation;
import software.amazon.awssdk.core.exception.SdkClientException;
import software.amazon.awssdk.core.exception.SdkException;
import software.amazon.awssdk.core.retry.RetryMode;
import software.amazon.awssdk.core.sync.RequestBody;
import software.amazon.awssdk.http.apache5.Apache5HttpClient;
import software.amazon.awssdk.regions.Region;
import software.amazon.awssdk.services.s3.S3Client;
import software.amazon.awssdk.services.s3.S3ClientBuilder;
import software.amazon.awssdk.services.s3.model.DeleteObjectsRequest;
import software.amazon.awssdk.services.s3.model.DeleteObjectsResponse;
import software.amazon.awssdk.services.s3.model.GetObjectRequest;
import software.amazon.awssdk.services.s3.model.GetObjectResponse;
import software.amazon.awssdk.services.s3.model.HeadBucketRequest;
import software.amazon.awssdk.services.s3.model.HeadObjectRequest;
import software.amazon.awssdk.services.s3.model.ListObjectsV2Request;
import software.amazon.awssdk.services.s3.model.ListObjectsV2Response;
import software.amazon.awssdk.services.s3.model.ObjectIdentifier;
import software.amazon.awssdk.services.s3.model.PutObjectRequest;
import software.amazon.awssdk.services.s3.model.S3Object;

/**
 * Artifacts in a bucket of S3, or of a server that speaks its protocol: {@code
 * PREFIXsha256/ab/abcdef...}. Best behind a {@link dev.mlops4j.workspace.CachedArtifactStore}.
 *
 * <pre>{@code
 * try (S3ArtifactStore s3 = S3ArtifactStore.builder("models").prefix("fraud/").build();
 *     Workspace workspace = Workspace.at(directory).artifacts(s3).open()) {
 * }
 * }</pre>
 *
 * <p>The name of an object is its digest, so what is put is read to its end first: up to {@code
 * partBytes} into memory, more into a temporary file. A small object is one request; a large one
 * goes part by part, and is seen when all of it is there. Each carries its SHA-256, which the
 * server compares before it keeps it. A request that fails is tried three times in all, by the
 * rules of the SDK's standard mode (or as the {@linkplain Builder#client client} says); a download
 * that breaks off is resumed, up to twice.
 *
 * <p>The credentials need {@code s3:GetObject}, {@code s3:PutObject}, {@code
 * s3:AbortMultipartUpload}, and {@code s3:ListBucket} on the bucket; {@code s3:DeleteObject} to
 * collect garbage. A rule of the bucket should remove incomplete multipart uploads after a few
 * days: those of a process that died. In a bucket with versioning, garbage takes its room until a
 * rule removes what is not current.
 *
 * <p>What fails is an {@link S3StorageException}, a {@link
 * dev.mlops4j.storage.StorageReadOnlyException} if writing is denied, or another {@link
 * StorageException}; its message names the bucket and the key. Nothing is asked of the server
 * before the first use. Safe for any number of threads and processes; an interrupt ends no call and
 * is kept.
 */
public final class S3ArtifactStore implements ArtifactStore, AutoCloseable {

  private static final String DIGESTS = "sha256/";
  private static final int SHARD_DIGITS = 2;
  private static final int MOST_DELETED_AT_ONCE = 1000;

  private final S3Client client;
  private final boolean ownsClient;
  private final String bucket;
  private final String prefix;
  private final int partBytes;
  private final boolean checksums;
  private final Path temporaryDirectory;
  private final S3Errors errors;

  S3ArtifactStore(Builder builder, S3Client client, boolean ownsClient, String server) {
    this.client = client;
    this.ownsClient = ownsClient;
    this.bucket = builder.bucket;
    this.prefix = builder.prefix;
    this.partBytes = builder.partBytes;
    this.checksums = builder.checksums;
    this.temporaryDirectory = builder.temporaryDirectory;
    this.errors = new S3Errors(bucket, server);
  }

  /** Settings for a store in this bucket, which must be there before the first use. */
  public static Builder builder(String bucket) {
    return new Builder(bucket);
  }

  @Override
  public Digest put(InputStream content) throws IOException {
    try (Spool spool = Spool.of(content, partBytes, temporaryDirectory)) {
      String key = keyOf(spool.digest());
      try {
        if (spool.isInMemory()) {
          putAtOnce(key, spool);
        } else {
          new MultipartUpload(client, bucket, key, checksums).put(spool, partBytes);
        }
      } catch (SdkException e) {
        throw errors.cannotWrite(key, e);
      }
      return spool.digest();
    }
  }

  private void putAtOnce(String key, Spool spool) {
    PutObjectRequest request =
        PutObjectRequest.builder()
            .bucket(bucket)
            .key(key)
            .contentLength(spool.size())
            .checksumSHA256(checksums ? MultipartUpload.checksum(spool.digest()) : null)
            .build();
    RequestBody body =
        RequestBody.fromContentProvider(
            () -> new ByteArrayInputStream(spool.memory()),
            spool.size(),
            "application/octet-stream");
    Uninterrupted.get(() -> client.putObject(request, body));
  }

  @Override
  public InputStream open(Digest digest) {
    String key = keyOf(digest);
    ResponseInputStream<GetObjectResponse> content = object(digest, key, 0);
    return new ResumedStream(
        content, content.response().contentLength(), from -> object(digest, key, from));
  }

  private ResponseInputStream<GetObjectResponse> object(Digest digest, String key, long from) {
    GetObjectRequest request =
        GetObjectRequest.builder()
            .bucket(bucket)
            .key(key)
            .range(from == 0 ? null : "bytes=" + from + "-")
            .build();
    return read(
        key,
        () -> {
          try {
            return client.getObject(request);
          } catch (SdkException e) {
            if (S3Errors.isNotFound(e)) {
              throw new NoSuchArtifactException(digest, toString());
            }
            throw e;
          }
        });
  }

  @Override
  public boolean contains(Digest digest) {
    String key = keyOf(digest);
    HeadObjectRequest request = HeadObjectRequest.builder().bucket(bucket).key(key).build();
    return read(
        key,
        () -> {
          try {
            client.headObject(request);
            return true;
          } catch (SdkException e) {
            if (S3Errors.isNotFound(e)) {
              // The answer has no body, and so does not say whether it is the bucket that lacks.
              requireBucket(key);
              return false;
            }
            throw e;
          }
        });
  }

  private void requireBucket(String key) {
    try {
      client.headBucket(HeadBucketRequest.builder().bucket(bucket).build());
    } catch (SdkException e) {
      if (S3Errors.isNotFound(e) || S3Errors.isNoSuchBucket(e)) {
        throw errors.noSuchBucket(key, e);
      }
    }
  }

  @Override
  public void list(Consumer<? super StoredArtifact> visitor) {
    @Nullable String token = null;
    do {
      ListObjectsV2Request request =
          ListObjectsV2Request.builder()
              .bucket(bucket)
              .prefix(prefix + DIGESTS)
              .continuationToken(token)
              .build();
      ListObjectsV2Response page = read(null, () -> client.listObjectsV2(request));
      for (S3Object object : page.contents()) {
        Digest digest = digestOf(object.key());
        if (digest != null) {
          visitor.accept(new StoredArtifact(digest, object.size(), object.lastModified()));
        }
      }
      token = Boolean.TRUE.equals(page.isTruncated()) ? page.nextContinuationToken() : null;
    } while (token != null);
  }

  @Override
  public void delete(Collection<Digest> digests) {
    List<ObjectIdentifier> keys = new ArrayList<>();
    for (Digest digest : digests) {
      keys.add(ObjectIdentifier.builder().key(keyOf(digest)).build());
    }
    for (int from = 0; from < keys.size(); from += MOST_DELETED_AT_ONCE) {
      deleteAtOnce(keys.subList(from, Math.min(keys.size(), from + MOST_DELETED_AT_ONCE)));
    }
  }

  private void deleteAtOnce(List<ObjectIdentifier> keys) {
    DeleteObjectsRequest request =
        DeleteObjectsRequest.builder()
            .bucket(bucket)
            .delete(delete -> delete.objects(keys).quiet(true))
            .build();
    DeleteObjectsResponse response;
    try {
      response = Uninterrupted.get(() -> client.deleteObjects(request));
    } catch (SdkException e) {
      throw errors.cannotWrite(null, e);
    }
    if (response.hasErrors() && !response.errors().isEmpty()) {
      throw errors.notDeleted(response.errors());
    }
  }

  /** Closes the client, unless the store was given it. */
  @Override
  public void close() {
    if (ownsClient) {
      client.close();
    }
  }

  /** The bucket and the prefix, as {@code s3://bucket/prefix}. */
  @Override
  public String toString() {
    return "s3://" + bucket + "/" + prefix;
  }

  private <R> R read(@Nullable String key, Supplier<R> request) {
    try {
      return Uninterrupted.get(request);
    } catch (SdkException e) {
      throw errors.cannotRead(key, e);
    }
  }

  private String keyOf(Digest digest) {
    String hex = digest.hex();
    return prefix + DIGESTS + hex.substring(0, SHARD_DIGITS) + "/" + hex;
  }

  /** Null if the object is none of this store's: others may write to the bucket. */
  private @Nullable Digest digestOf(String key) {
    String name = key.substring(key.lastIndexOf('/') + 1);
    if (!Digest.isHex(name)) {
      return null;
    }
    Digest digest = new Digest(name);
    return key.equals(keyOf(digest)) ? digest : null;
  }

  /** What a store is opened with. */
  public static final class Builder {

    /** 8 MiB. */
    public static final int DEFAULT_PART_BYTES = 8 << 20;

    /** 5 MiB, which S3 demands of all parts but the last. */
    public static final int LEAST_PART_BYTES = 5 << 20;

    /** Where objects go unless a prefix is stated. */
    public static final String DEFAULT_PREFIX = "mlops4j/";

    private static final int MOST_PART_BYTES = 1 << 30;
    private static final int MOST_PREFIX_BYTES = 512;
    private static final Duration CONNECTION_TIMEOUT = Duration.ofSeconds(10);
    private static final Duration SOCKET_TIMEOUT = Duration.ofSeconds(60);
    private static final Pattern BUCKET = Pattern.compile("[a-z0-9][a-z0-9.-]{1,61}[a-z0-9]");

    private final String bucket;
    private String prefix = DEFAULT_PREFIX;
    private int partBytes = DEFAULT_PART_BYTES;
    private boolean checksums = true;
    private Path temporaryDirectory = Path.of(System.getProperty("java.io.tmpdir"));
    private @Nullable S3Client client;
    private @Nullable String region;
    private @Nullable URI endpoint;
    private @Nullable Boolean pathStyle;
    private @Nullable AwsCredentials credentials;

    private Builder(String bucket) {
      this.bucket = bucket;
    }

    /**
     * What the names of all objects begin with: empty, or ending with a slash. {@link
     * #DEFAULT_PREFIX} unless stated. Two workspaces need two.
     */
    public Builder prefix(String beginning) {
      this.prefix = beginning;
      return this;
    }

    /**
     * The client to use, with its region, credentials, retries and timeouts; it stays the caller's
     * to close. Excludes {@link #region}, {@link #endpoint}, {@link #credentials} and {@link
     * #pathStyle}. Without it, one is made and closed with the store.
     */
    public Builder client(S3Client s3) {
      this.client = s3;
      return this;
    }

    /**
     * The region, as "eu-central-1". Unless stated, that of the environment as the SDK finds it, or
     * "us-east-1" where an endpoint is stated.
     */
    public Builder region(String name) {
      this.region = name;
      return this;
    }

    /** A server instead of AWS, as {@code http://minio:9000}. */
    public Builder endpoint(URI server) {
      this.endpoint = server;
      return this;
    }

    /** The key to use; those of the environment, as the SDK finds them, unless stated. */
    public Builder credentials(String accessKeyId, String secretAccessKey) {
      this.credentials = AwsBasicCredentials.create(accessKeyId, secretAccessKey);
      return this;
    }

    /**
     * Whether the bucket is named in the path and not in the host; true unless stated where an
     * endpoint is stated, false for AWS.
     */
    public Builder pathStyle(boolean inPath) {
      this.pathStyle = inPath;
      return this;
    }

    /**
     * How large the parts of a large object are, and above which size it is large; so much memory
     * is held by each thread that puts. {@link #LEAST_PART_BYTES} to 1 GiB; {@link
     * #DEFAULT_PART_BYTES} unless stated.
     */
    public Builder partBytes(int bytes) {
      this.partBytes = bytes;
      return this;
    }

    /**
     * Whether each upload carries its SHA-256 for the server to compare; true unless stated. Only
     * for servers that refuse the header: what is read is verified in any case.
     */
    public Builder checksums(boolean sent) {
      this.checksums = sent;
      return this;
    }

    /** Where large uploads are held until their digest is known; the JVM's own unless stated. */
    public Builder temporaryDirectory(Path directory) {
      this.temporaryDirectory = directory;
      return this;
    }

    /**
     * Makes the store; asks nothing of the server.
     *
     * @throws IllegalArgumentException with all that is wrong with the settings
     */
    public S3ArtifactStore build() {
      List<String> problems = problems();
      if (!problems.isEmpty()) {
        throw new IllegalArgumentException(String.join("; ", problems));
      }
      if (client != null) {
        String server =
            client
                .serviceClientConfiguration()
                .endpointOverride()
                .map(URI::toString)
                .orElse("S3 in " + client.serviceClientConfiguration().region());
        return new S3ArtifactStore(this, client, false, server);
      }
      return new S3ArtifactStore(
          this,
          newClient(),
          true,
          endpoint == null ? (region == null ? "S3" : "S3 in " + region) : endpoint.toString());
    }

    private List<String> problems() {
      List<String> problems = new ArrayList<>();
      if (!BUCKET.matcher(bucket).matches()) {
        problems.add(
            "bucket is \""
                + bucket
                + "\"; a bucket's name is 3 to 63 lower-case letters, digits, dots and hyphens");
      }
      if (!isPrefix(prefix)) {
        problems.add(
            "prefix is \""
                + prefix
                + "\"; it is empty or like \"team/models/\": relative, ending with a slash, without"
                + " empty parts, dots alone or control characters, "
                + MOST_PREFIX_BYTES
                + " bytes at most");
      }
      if (partBytes < LEAST_PART_BYTES || partBytes > MOST_PART_BYTES) {
        problems.add(
            "partBytes is " + partBytes + "; it is " + LEAST_PART_BYTES + " to " + MOST_PART_BYTES);
      }
      if (endpoint != null && (endpoint.getScheme() == null || endpoint.getHost() == null)) {
        problems.add("endpoint is " + endpoint + "; it is like http://minio:9000");
      }
      if (client != null
          && (region != null || endpoint != null || credentials != null || pathStyle != null)) {
        problems.add(
            "client(...) brings its own region, endpoint, credentials and pathStyle; state them"
                + " there or leave it out");
      }
      return problems;
    }

    private static boolean isPrefix(String prefix) {
      if (prefix.isEmpty()) {
        return true;
      }
      boolean clean =
          prefix.endsWith("/")
              && prefix.chars().noneMatch(Character::isISOControl)
              && prefix.getBytes(StandardCharsets.UTF_8).length <= MOST_PREFIX_BYTES;
      for (String part : prefix.substring(0, prefix.length() - 1).split("/", -1)) {
        clean &= !part.isBlank() && !part.equals(".") && !part.equals("..");
      }
      return clean;
    }

    private S3Client newClient() {
      S3ClientBuilder made =
          S3Client.builder()
              .httpClientBuilder(
                  Apache5HttpClient.builder()
                      .connectionTimeout(CONNECTION_TIMEOUT)
                      .socketTimeout(SOCKET_TIMEOUT))
              .overrideConfiguration(all -> all.retryStrategy(RetryMode.STANDARD))
              .requestChecksumCalculation(RequestChecksumCalculation.WHEN_REQUIRED)
              .responseChecksumValidation(ResponseChecksumValidation.WHEN_REQUIRED)
              .forcePathStyle(pathStyle == null ? endpoint != null : pathStyle);
      if (endpoint != null) {
        made.endpointOverride(endpoint);
      }
      if (region != null || endpoint != null) {
        made.region(region == null ? Region.US_EAST_1 : Region.of(region));
      }
      if (credentials != null) {
        made.credentialsProvider(StaticCredentialsProvider.create(credentials));
      }
      try {
        return made.build();
      } catch (SdkClientException e) {
        throw new IllegalArgumentException(
            "cannot make a client of S3: " + e.getMessage() + "; state region(...)", e);
      }
    }
  }
}
