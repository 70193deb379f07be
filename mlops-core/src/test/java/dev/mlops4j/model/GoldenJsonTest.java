package dev.mlops4j.model;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.mlops4j.data.Floats;
import dev.mlops4j.model.Signature.Input;
import dev.mlops4j.model.Signature.Output;
import java.nio.charset.StandardCharsets;
import java.time.Instant;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Random;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;

class GoldenJsonTest {

  private static final Signature SIGNATURE =
      new Signature(List.of(Input.numeric("x")), Output.regression("y"));
  private static final Instant ASKED = Instant.parse("2013-07-01T04:00:00.000001Z");

  @Test
  void bringsValuesBackAsTheTypeTheyWere() {
    Map<String, @Nullable Object> values = new LinkedHashMap<>();
    values.put("text", "\"quoted\" \u00e9\n");
    values.put("empty", "");
    values.put("long", Long.MIN_VALUE);
    values.put("small", 7L);
    values.put("double", 7.0);
    values.put("zero", -0.0);
    values.put("nan", Double.NaN);
    values.put("infinite", Double.NEGATIVE_INFINITY);
    values.put("truth", true);
    values.put("time", ASKED);
    values.put(
        "floats", Floats.of(0.1f, Float.NaN, -0.0f, Float.MIN_VALUE, Float.POSITIVE_INFINITY));
    values.put("missing", null);
    GoldenRow row = new GoldenRow(new GoldenSample(values, ASKED, values, vector(1)), vector(2));
    GoldenRow back = GoldenJson.read(GoldenJson.write(List.of(row)), SIGNATURE).get(0);
    assertThat(back).isEqualTo(row);
    assertThat(back.sample().input()).containsExactlyEntriesOf(values);
  }

  @Test
  void bringsAnyFloatBackToTheBit() {
    Random random = new Random(6);
    float[] elements = new float[20_000];
    for (int i = 0; i < elements.length; i++) {
      // Quiet NaNs alone: on the way through a double, a signalling one becomes quiet.
      float one = Float.intBitsToFloat(random.nextInt());
      elements[i] = (float) (double) one;
    }
    Map<String, @Nullable Object> values = Map.of("floats", Floats.of(elements));
    GoldenRow row = new GoldenRow(new GoldenSample(values, ASKED, values, vector(1)), vector(2));

    GoldenRow back = GoldenJson.read(GoldenJson.write(List.of(row)), SIGNATURE).get(0);

    float[] read = ((Floats) back.sample().lookedUp().get("floats")).toArray();
    for (int i = 0; i < elements.length; i++) {
      assertThat(Float.floatToRawIntBits(read[i])).isEqualTo(Float.floatToRawIntBits(elements[i]));
    }
  }

  @Test
  void bringsAnyDoubleBackToTheBit() {
    Random random = new Random(5);
    for (int i = 0; i < 20_000; i++) {
      assertSameBits(Double.longBitsToDouble(random.nextLong()));
    }
    for (double value :
        new double[] {
          0.0,
          -0.0,
          Double.MIN_VALUE,
          Double.MAX_VALUE,
          Double.NaN,
          Double.POSITIVE_INFINITY,
          Double.NEGATIVE_INFINITY,
          Double.longBitsToDouble(0x7ff8000000000001L),
          Double.longBitsToDouble(0xfff0000000000123L),
          Double.parseDouble("2e23"),
          0.1f
        }) {
      assertSameBits(value);
    }
  }

  @Test
  void refusesAValueOfATypeThatCannotComeBack() {
    GoldenSample sample = new GoldenSample(Map.of("count", 7), ASKED, Map.of(), vector(1));
    assertThatThrownBy(() -> GoldenJson.write(List.of(new GoldenRow(sample, vector(1)))))
        .isInstanceOf(IllegalArgumentException.class)
        .hasMessageContaining("\"count\" is a java.lang.Integer");
  }

  @Test
  void refusesRowsThatAreNotOfTheSignature() {
    assertCorrupt(
        "{\"rows\":[{\"input\":{},\"askedAt\":\"2013-07-01T04:00:00Z\",\"lookedUp\":{},"
            + "\"vector\":[1,2],\"output\":[1]}]}",
        "should have 1 numbers at \"rows[0].vector\"");
    assertCorrupt(
        "{\"rows\":[{\"input\":{\"a\":{\"class\":\"x\"}}}]}",
        "a value of a known type and not of \"class\" at \"rows[0].input.a\"");
    assertCorrupt(
        "{\"rows\":[{\"input\":{},\"askedAt\":\"yesterday\"}]}",
        "an instant at \"rows[0].askedAt\"");
    assertCorrupt(
        "{\"rows\":[{\"input\":{\"a\":{\"floats\":7}}}]}",
        "an array of numbers at \"rows[0].input.a.floats\"");
    assertCorrupt(
        "{\"rows\":[{\"input\":{\"a\":{\"floats\":[1,null]}}}]}",
        "numbers at \"rows[0].input.a.floats\"");
  }

  private static void assertCorrupt(String json, String message) {
    assertThatThrownBy(() -> GoldenJson.read(json.getBytes(StandardCharsets.UTF_8), SIGNATURE))
        .isInstanceOf(CorruptPackageException.class)
        .hasMessageContaining(message);
  }

  private static void assertSameBits(double value) {
    GoldenRow row =
        new GoldenRow(new GoldenSample(Map.of(), ASKED, Map.of(), vector(value)), vector(value));
    GoldenRow back = GoldenJson.read(GoldenJson.write(List.of(row)), SIGNATURE).get(0);
    assertThat(Double.doubleToRawLongBits(back.output()[0]))
        .isEqualTo(Double.doubleToRawLongBits(value));
  }

  private static double[] vector(double value) {
    return new double[] {value};
  }
}
