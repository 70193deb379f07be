package dev.mlops4j.monitoring;

import dev.mlops4j.data.RecordCodec;
import dev.mlops4j.feature.FeatureSet;
import dev.mlops4j.model.ServedLookup;
import java.io.IOException;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.atomic.LongAdder;
import org.jspecify.annotations.Nullable;

/** Which requests are kept beside their predictions, and as what. */
final class FeatureLog<T> {

  private static final int MAX_BYTES = 1 << 16;

  private final RecordCodec<T> codec;
  private final long bound;
  private final LongAdder dropped = new LongAdder();

  FeatureLog(RecordCodec<T> codec, double share) {
    this.codec = codec;
    this.bound = Math.round(share * (1L << 32));
  }

  /** What keeps this set's requests from being logged. */
  static List<String> problems(FeatureSet<?> set, double share) {
    List<String> problems = new ArrayList<>();
    if (!(share >= 0 && share <= 1)) {
      problems.add("featureLog of a share of " + share + " is not accepted: 0 to 1");
    }
    if (set.codec().isEmpty()) {
      problems.add(
          "featureLog cannot keep the requests of \""
              + set.name()
              + "\", which has no codec: give the set one, or leave the log out and give the skew"
              + " report the requests");
    } else if (!set.codec().get().schema().sensitive().isEmpty()) {
      problems.add(
          "featureLog cannot keep the requests of \""
              + set.name()
              + "\", as its columns "
              + set.codec().get().schema().sensitive().stream().sorted().toList()
              + " are sensitive: leave the log out and give the skew report the requests");
    }
    return problems;
  }

  /** A request with what was looked up for it, if that was told. */
  @SuppressWarnings("ArrayRecordComponent") // nobody compares entries by value
  record Logged(byte[] request, byte @Nullable [] lookups) {}

  /** The request if it falls into the share, or null. */
  @SuppressWarnings("unchecked") // one of another type is counted when its codec meets it
  @Nullable Logged taken(String id, Object request, @Nullable List<ServedLookup> lookups) {
    if (!isSampled(id)) {
      return null;
    }
    try {
      byte[] bytes = RequestBytes.of(codec.schema(), codec.values((T) request));
      byte[] found = lookups == null ? null : LookupBytes.of(lookups);
      if (bytes.length + (found == null ? 0 : found.length) <= MAX_BYTES) {
        return new Logged(bytes, found);
      }
    } catch (IOException | RuntimeException e) {
      // Counted below; a log never spoils a prediction, and its message might show the request.
    }
    dropped.increment();
    return null;
  }

  /** FNV-1a over the id's characters, its bits mixed by the finalizer of SplitMix64. */
  boolean isSampled(String id) {
    long hash = 0xcbf29ce484222325L;
    for (int i = 0; i < id.length(); i++) {
      hash = (hash ^ id.charAt(i)) * 0x100000001b3L;
    }
    hash = (hash ^ (hash >>> 30)) * 0xbf58476d1ce4e5b9L;
    hash = (hash ^ (hash >>> 27)) * 0x94d049bb133111ebL;
    return ((hash ^ (hash >>> 31)) >>> 32) < bound;
  }

  long dropped() {
    return dropped.sum();
  }
}
