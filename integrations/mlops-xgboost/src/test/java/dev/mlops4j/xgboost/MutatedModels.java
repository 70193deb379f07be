package dev.mlops4j.xgboost;

import dev.mlops4j.model.Signature;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.util.Arrays;
import java.util.Random;

/**
 * Loads altered models and predicts with those that load, in a JVM that may die of it. Writes a
 * line before and after each to a file: its number, then {@code refused}, {@code loaded}.
 */
final class MutatedModels {

  private MutatedModels() {}

  public static void main(String[] args) throws IOException {
    byte[] model = Files.readAllBytes(Path.of(args[0]));
    Path progress = Path.of(args[1]);
    Signature signature = TestTraining.binary(1, 1).signature();
    for (int i = Integer.parseInt(args[2]); i < Integer.parseInt(args[3]); i++) {
      Files.writeString(progress, i + " ", StandardOpenOption.APPEND);
      Files.writeString(
          progress, outcome(signature, mutated(model, i)) + "\n", StandardOpenOption.APPEND);
    }
  }

  private static String outcome(Signature signature, byte[] bytes) {
    try (XgBoostModel model = XgBoostModel.of(signature, bytes)) {
      double nan = Double.NaN;
      model.predictAll(new double[] {500, 5, 1, nan, nan, nan, 900, 0, 3, -1, 90, 0}, 4);
      return "loaded";
    } catch (XgBoostException e) {
      return "refused";
    }
  }

  /** The alteration of this number: bits flipped, bytes overwritten, or the end cut off. */
  static byte[] mutated(byte[] model, long number) {
    Random random = new Random(number);
    if (random.nextInt(10) == 0) {
      return Arrays.copyOf(model, random.nextInt(model.length));
    }
    byte[] mutated = model.clone();
    for (int change = random.nextInt(4); change >= 0; change--) {
      int at = random.nextInt(model.length);
      if (random.nextInt(3) > 0) {
        mutated[at] ^= (byte) (1 << random.nextInt(8));
      } else {
        byte with = (byte) (random.nextBoolean() ? random.nextInt(256) : -random.nextInt(2));
        Arrays.fill(mutated, at, Math.min(model.length, at + 1 + random.nextInt(8)), with);
      }
    }
    return mutated;
  }
}
