package dev.mlops4j.monitoring;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import java.io.IOException;
import java.io.InputStream;
import java.io.UncheckedIOException;
import java.util.List;
import java.util.stream.StreamSupport;
import org.assertj.core.api.Assertions;
import org.assertj.core.data.Offset;

/** The committed values of scipy; src/test/python/make_drift_vectors.py made them. */
final class Vectors {

  private static final double RELATIVE = 1e-9;

  private final JsonNode root;

  private Vectors(JsonNode root) {
    this.root = root;
  }

  static Vectors load() {
    try (InputStream in = Vectors.class.getResourceAsStream("drift_vectors.json")) {
      return new Vectors(new ObjectMapper().readTree(in));
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  List<JsonNode> cases(String name) {
    return StreamSupport.stream(root.get(name).spliterator(), false).toList();
  }

  static double[] doubles(JsonNode array) {
    return StreamSupport.stream(array.spliterator(), false).mapToDouble(Vectors::number).toArray();
  }

  static long[] longs(JsonNode array) {
    return StreamSupport.stream(array.spliterator(), false).mapToLong(JsonNode::asLong).toArray();
  }

  static double number(JsonNode node) {
    return switch (node.asText()) {
      case "nan" -> Double.NaN;
      case "inf" -> Double.POSITIVE_INFINITY;
      case "-inf" -> Double.NEGATIVE_INFINITY;
      default -> node.asDouble();
    };
  }

  static void assertSame(String what, double actual, JsonNode expected) {
    double value = number(expected);
    Assertions.assertThat(actual)
        .as(what)
        .isCloseTo(value, Offset.offset(Math.max(Double.MIN_NORMAL, RELATIVE * Math.abs(value))));
  }
}
