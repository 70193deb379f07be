package dev.mlops4j.trees;

import static java.nio.charset.StandardCharsets.ISO_8859_1;
import static org.assertj.core.api.Assertions.assertThat;

import java.time.Duration;
import java.util.Arrays;
import java.util.List;
import java.util.SplittableRandom;
import org.junit.jupiter.api.Assertions;
import org.junit.jupiter.api.Test;

/**
 * Damages good models at random, the same way each time: they are read, or refused with the typed
 * exception, and what is read predicts; nothing hangs, overflows or takes the memory.
 */
class DamagedModelsTest {
  private static final int RUNS = 1_000;
  private static final List<String> MODELS =
      List.of(
          "3.2.0-partition-json",
          "1.7.6-partition-logistic-ubj",
          "3.2.0-dart-softprob",
          "3.2.0-frame",
          "2.1.4-softprob-json",
          "2.1.4-stump",
          "lightgbm-4.6.0-categorical",
          "lightgbm-4.6.0-multiclass",
          "lightgbm-4.6.0-frame");

  @Test
  void a_damaged_model_is_read_or_refused() {
    int[] outcomes = new int[2];
    Assertions.assertTimeoutPreemptively(
        Duration.ofMinutes(2),
        () -> {
          for (String name : MODELS) {
            byte[] good = Vector.named(name).model;
            SplittableRandom random = new SplittableRandom(name.hashCode());
            for (int run = 0; run < RUNS; run++) {
              outcomes[ReadOrRefused.isRead(damaged(good, random)) ? 0 : 1]++;
            }
          }
        });
    assertThat(outcomes[0]).as("read all the same").isPositive();
    assertThat(outcomes[1]).as("refused").isPositive();
  }

  @Test
  void every_beginning_of_a_model_is_refused() {
    for (String name : MODELS) {
      byte[] good = Vector.named(name).model;
      // The end of LightGBM's text, after the trees, only informs.
      int needed = name.startsWith("lightgbm") ? indexOf(good, "end of trees") : good.length;
      for (int length = 0; length < needed; length += 1 + needed / 500) {
        assertThat(ReadOrRefused.isRead(Arrays.copyOf(good, length)))
            .as(name + " " + length)
            .isFalse();
      }
    }
  }

  private static byte[] damaged(byte[] good, SplittableRandom random) {
    byte[] bytes = good.clone();
    for (int times = 1 + random.nextInt(3); times > 0; times--) {
      int at = random.nextInt(bytes.length);
      switch (random.nextInt(5)) {
        case 0 -> bytes[at] = (byte) random.nextInt(256);
        case 1 -> bytes[at] ^= (byte) (1 << random.nextInt(8));
        case 2 -> bytes[at] = (byte) ('0' + random.nextInt(10));
        case 3 -> bytes[at] = (byte) "{}[]\",:-$#lLZ\n ".charAt(random.nextInt(15));
        default -> {
          int length = Math.min(1 + random.nextInt(16), bytes.length - at);
          System.arraycopy(bytes, random.nextInt(bytes.length - length + 1), bytes, at, length);
        }
      }
    }
    return bytes;
  }

  private static int indexOf(byte[] bytes, String text) {
    return new String(bytes, ISO_8859_1).indexOf(text);
  }
}
