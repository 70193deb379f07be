package dev.mlops4j.evaluation;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.within;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import java.io.IOException;
import java.io.InputStream;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.stream.Stream;
import java.util.stream.StreamSupport;
import org.junit.jupiter.api.DynamicTest;
import org.junit.jupiter.api.TestFactory;

/** The numbers of scikit-learn; make_evaluation_vectors.py beside the vectors made them. */
class EvaluationVectorsTest {

  private static final double RELATIVE = 1e-12;

  @TestFactory
  Stream<DynamicTest> binaryAgreesWithScikitLearn() throws IOException {
    return cases("classification", "score", "label", Evaluation::binary);
  }

  @TestFactory
  Stream<DynamicTest> regressionAgreesWithScikitLearn() throws IOException {
    return cases("regression", "predicted", "actual", Evaluation::regression);
  }

  private static Stream<DynamicTest> cases(
      String kind, String predicted, String actual, Judge judge) throws IOException {
    try (InputStream in =
        Objects.requireNonNull(
            EvaluationVectorsTest.class.getResourceAsStream("evaluation_vectors.json"))) {
      JsonNode cases = new ObjectMapper().readTree(in).get(kind);
      assertThat(cases).hasSizeGreaterThan(10);
      return StreamSupport.stream(cases.spliterator(), false)
          .map(
              vector ->
                  DynamicTest.dynamicTest(
                      vector.get("name").asText(),
                      () ->
                          check(
                              judge.apply(doubles(vector, predicted), doubles(vector, actual)),
                              vector.get("expected"))));
    }
  }

  private static void check(Evaluation evaluation, JsonNode expected) {
    List<String> names = new ArrayList<>();
    expected.fieldNames().forEachRemaining(names::add);
    Map<String, Double> metrics = evaluation.metrics();
    assertThat(metrics.keySet()).containsExactlyElementsOf(names);
    for (String name : names) {
      if (expected.get(name).isNull()) {
        assertThat(metrics.get(name)).as(name).isNaN();
      } else {
        double value = expected.get(name).asDouble();
        assertThat(metrics.get(name)).as(name).isCloseTo(value, within(Math.abs(value) * RELATIVE));
      }
    }
  }

  private static double[] doubles(JsonNode vector, String field) {
    return StreamSupport.stream(vector.get(field).spliterator(), false)
        .mapToDouble(JsonNode::asDouble)
        .toArray();
  }

  private interface Judge {
    Evaluation apply(double[] predicted, double[] actual);
  }
}
