package dev.mlops4j.s3;

import dev.mlops4j.Digest;
import java.net.URI;
import java.util.Base64;
import java.util.List;
import java.util.Properties;
import java.util.concurrent.atomic.AtomicInteger;
import org.gaul.s3proxy.BlobStores;
import org.gaul.s3proxy.S3Proxy;
import org.gaul.s3proxy.auth.AuthenticationType;
import software.amazon.awssdk.auth.credentials.AwsBasicCredentials;
import software.amazon.awssdk.auth.credentials.StaticCredentialsProvider;
import software.amazon.awssdk.core.sync.RequestBody;
import software.amazon.awssdk.http.apache5.Apache5HttpClient;
import software.amazon.awssdk.regions.Region;
import software.amazon.awssdk.services.s3.S3Client;
import software.amazon.awssdk.services.s3.model.S3Exception;
import software.amazon.awssdk.services.s3.model.S3Object;

/** A server in this JVM that keeps objects in memory, and a client of it that is not the store. */
final class RunningS3 implements AutoCloseable {

  static final String ACCESS_KEY = "access-key";
  static final String SECRET_KEY = "secret-key";

  private static final AtomicInteger BUCKETS = new AtomicInteger();

  private final S3Proxy server;
  private final S3Client client;

  RunningS3() {
    server =
        S3Proxy.builder()
            .endpoint(URI.create("http://127.0.0.1:0"))
            .awsAuthentication(AuthenticationType.AWS_V2_OR_V4, ACCESS_KEY, SECRET_KEY)
            .blobStore(BlobStores.create("transient-nio2", new Properties()))
            .stopTimeout(0)
            .build();
    try {
      server.start();
    } catch (Exception e) {
      throw new IllegalStateException(e);
    }
    client =
        S3Client.builder()
            .endpointOverride(endpoint())
            .region(Region.US_EAST_1)
            .forcePathStyle(true)
            .credentialsProvider(
                StaticCredentialsProvider.create(
                    AwsBasicCredentials.create(ACCESS_KEY, SECRET_KEY)))
            .httpClientBuilder(Apache5HttpClient.builder())
            .build();
  }

  static String keyOf(Digest digest) {
    return S3ArtifactStore.Builder.DEFAULT_PREFIX
        + "sha256/"
        + digest.hex().substring(0, 2)
        + "/"
        + digest.hex();
  }

  int port() {
    return server.getPort();
  }

  URI endpoint() {
    return URI.create("http://127.0.0.1:" + port());
  }

  S3Client client() {
    return client;
  }

  String newBucket() {
    String bucket = "bucket-" + BUCKETS.incrementAndGet();
    client.createBucket(request -> request.bucket(bucket));
    return bucket;
  }

  S3ArtifactStore.Builder store(String bucket) {
    return S3ArtifactStore.builder(bucket).endpoint(endpoint()).credentials(ACCESS_KEY, SECRET_KEY);
  }

  void put(String bucket, String key, byte[] content) {
    client.putObject(request -> request.bucket(bucket).key(key), RequestBody.fromBytes(content));
  }

  List<String> keys(String bucket) {
    return client.listObjectsV2Paginator(request -> request.bucket(bucket)).contents().stream()
        .map(S3Object::key)
        .toList();
  }

  /** How many parts an object was uploaded in, as its ETag tells. */
  int parts(String bucket, String key) {
    String eTag = client.headObject(request -> request.bucket(bucket).key(key)).eTag();
    return Integer.parseInt(eTag.replace("\"", "").split("-", 2)[1]);
  }

  int uploads(String bucket) {
    return client.listMultipartUploads(request -> request.bucket(bucket)).uploads().size();
  }

  boolean refusesWrongChecksum(String bucket) {
    String wrong = Base64.getEncoder().encodeToString(new byte[32]);
    try {
      client.putObject(
          request -> request.bucket(bucket).key("wrong").checksumSHA256(wrong),
          RequestBody.fromString("content"));
      return false;
    } catch (S3Exception e) {
      return true;
    }
  }

  @Override
  public void close() {
    client.close();
    try {
      server.stop();
    } catch (Exception e) {
      throw new IllegalStateException(e);
    }
  }
}
