package dev.mlops4j.workspace;

import static org.assertj.core.api.Assertions.assertThat;

import dev.mlops4j.Digest;
import java.util.HashSet;
import java.util.Random;
import java.util.Set;
import org.junit.jupiter.api.Test;

class DigestSetTest {

  @Test
  void hasWhatASetWouldHave() {
    Random random = new Random(7);
    for (int size : new int[] {0, 1, 255, 256, 257, 5000}) {
      DigestSet digests = new DigestSet();
      Set<Digest> expected = new HashSet<>();
      for (int i = 0; i < size; i++) {
        // Many are there twice, as references are.
        Digest digest = Digest.of("digest " + random.nextInt(size));
        digests.add(digest);
        expected.add(digest);
      }
      for (int i = 0; i < size + 10; i++) {
        Digest digest = Digest.of("digest " + i);
        assertThat(digests.contains(digest)).isEqualTo(expected.contains(digest));
      }
    }
  }
}
