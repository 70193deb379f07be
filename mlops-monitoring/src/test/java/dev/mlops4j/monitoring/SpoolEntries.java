package dev.mlops4j.monitoring;

import java.util.ArrayList;
import java.util.List;
import java.util.Random;
import java.util.stream.IntStream;

/** Entries for tests of spools. */
final class SpoolEntries {

  private SpoolEntries() {}

  /** One of each kind and of each absence, the same for ever: what the golden file holds. */
  static List<LedgerEntry> golden() {
    return List.of(
        new LedgerEntry.Asked(
            "parcel-1",
            3,
            1_719_792_000_000_000L,
            1_719_792_000_000_123L,
            new double[] {1.5, Double.NaN, -0.0, Double.NEGATIVE_INFINITY},
            new double[] {0.25},
            "champion",
            1_234L,
            null),
        new LedgerEntry.Asked(
            "\u00fcber \u20ac \ud83d\ude9a",
            0,
            -1L,
            0L,
            new double[0],
            new double[] {0.1, 0.9},
            "",
            0L,
            new FeatureLog.Logged(new byte[] {1, 2, 3}, null)),
        new LedgerEntry.Asked(
            "",
            Integer.MAX_VALUE,
            Long.MIN_VALUE,
            Long.MAX_VALUE,
            new double[] {Double.MIN_VALUE},
            new double[0],
            "canary",
            Long.MAX_VALUE,
            new FeatureLog.Logged(new byte[0], new byte[] {9})),
        new LedgerEntry.Known("parcel-1", "true", 1_719_878_400_000_000L),
        new LedgerEntry.Failed("parcel-2", 1_719_792_000_000_001L),
        new LedgerEntry.Failed(null, 0L));
  }

  static LedgerEntry any(Random random) {
    return switch (random.nextInt(3)) {
      case 0 ->
          new LedgerEntry.Asked(
              text(random),
              random.nextInt(),
              random.nextLong(),
              random.nextLong(),
              doubles(random),
              doubles(random),
              text(random),
              random.nextLong(),
              random.nextBoolean() ? null : logged(random));
      case 1 -> new LedgerEntry.Known(text(random), text(random), random.nextLong());
      default ->
          new LedgerEntry.Failed(random.nextBoolean() ? text(random) : null, random.nextLong());
    };
  }

  static LedgerEntry known(int number) {
    return new LedgerEntry.Known("p" + number, "true", number);
  }

  static List<LedgerEntry> known(int from, int to) {
    return IntStream.range(from, to).mapToObj(SpoolEntries::known).toList();
  }

  /** Compared by their bits: a record with arrays is equal to itself alone. */
  static List<Object> fields(List<LedgerEntry> entries) {
    List<Object> fields = new ArrayList<>();
    for (LedgerEntry entry : entries) {
      if (entry instanceof LedgerEntry.Asked asked) {
        fields.add(asked.predictionId());
        fields.add(asked.version());
        fields.add(asked.askedAtMicros());
        fields.add(asked.knownAtMicros());
        fields.add(bits(asked.vector()));
        fields.add(bits(asked.output()));
        fields.add(asked.arm());
        fields.add(asked.nanos());
        FeatureLog.Logged logged = asked.logged();
        fields.add(logged == null ? "not logged" : bytes(logged.request()));
        byte[] lookups = logged == null ? null : logged.lookups();
        fields.add(lookups == null ? "no lookups" : bytes(lookups));
      } else {
        fields.add(entry);
      }
    }
    return fields;
  }

  private static FeatureLog.Logged logged(Random random) {
    return new FeatureLog.Logged(bytes(random), random.nextBoolean() ? null : bytes(random));
  }

  private static byte[] bytes(Random random) {
    byte[] bytes = new byte[random.nextInt(200)];
    random.nextBytes(bytes);
    return bytes;
  }

  /** Every double there is, each NaN too. */
  private static double[] doubles(Random random) {
    double[] numbers = new double[random.nextInt(30)];
    for (int i = 0; i < numbers.length; i++) {
      numbers[i] = Double.longBitsToDouble(random.nextLong());
    }
    return numbers;
  }

  private static String text(Random random) {
    StringBuilder text = new StringBuilder();
    for (int i = random.nextInt(20); i > 0; i--) {
      int point = random.nextInt(Character.MAX_CODE_POINT + 1);
      boolean half = point >= Character.MIN_SURROGATE && point <= Character.MAX_SURROGATE;
      text.appendCodePoint(half ? 'x' : random.nextBoolean() ? point : point % 128);
    }
    return text.toString();
  }

  private static List<Long> bits(double[] numbers) {
    List<Long> bits = new ArrayList<>();
    for (double number : numbers) {
      bits.add(Double.doubleToRawLongBits(number));
    }
    return bits;
  }

  private static List<Byte> bytes(byte[] bytes) {
    List<Byte> all = new ArrayList<>();
    for (byte b : bytes) {
      all.add(b);
    }
    return all;
  }
}
