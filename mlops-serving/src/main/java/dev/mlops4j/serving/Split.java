package dev.mlops4j.serving;

import com.dynatrace.hash4j.hashing.Hashing;
import java.util.List;
import java.util.function.Function;
import org.jspecify.annotations.Nullable;

/**
 * Which arm answers a request, by a hash of its entity: the same for the same key on every machine
 * and after every start, and independent of what other models do with the key. An arm of share s
 * has the keys whose hash is in a range of length s; the ranges follow one another in the order of
 * the arms, so that a key stays in an arm that only grows and is the first.
 */
final class Split<T> {

  private static final double UNIT = 0x1p-53;

  private final String salt;
  private final Function<? super T, ? extends @Nullable Object> key;
  private final List<Arm<T>> arms;
  private final double[] ends;

  /**
   * A split.
   *
   * @param salt the name of the champion's model
   * @param shares one an arm, of a sum of at most 1
   */
  Split(
      String salt,
      Function<? super T, ? extends @Nullable Object> key,
      List<Arm<T>> arms,
      double[] shares) {
    this.salt = salt + "\n";
    this.key = key;
    this.arms = arms;
    this.ends = new double[shares.length];
    double end = 0;
    for (int i = 0; i < shares.length; i++) {
      end += shares[i];
      ends[i] = end;
    }
  }

  /** The arm of this request, or null if it is the champion's, as one without a key is. */
  @Nullable Arm<T> arm(T request) {
    Object entity = key.apply(request);
    if (entity == null) {
      return null;
    }
    double place = place(salt, entity.toString());
    for (int i = 0; i < ends.length; i++) {
      if (place < ends[i]) {
        return arms.get(i);
      }
    }
    return null;
  }

  /**
   * A number in [0, 1), equally distributed: the upper 53 bits of the 64-bit XXH3 of the text in
   * UTF-16, little endian.
   */
  static double place(String salt, String key) {
    return (Hashing.xxh3_64().hashCharsToLong(salt + key) >>> 11) * UNIT;
  }
}
