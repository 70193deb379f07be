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
import java.util.Optional;
import java.util.function.Consumer;
import java.util.function.Function;
import java.util.stream.Stream;
import java.util.stream.StreamSupport;
import org.junit.jupiter.api.DynamicTest;
import org.junit.jupiter.api.TestFactory;

/** The numbers of scikit-learn; make_evaluation_vectors.py beside the vectors made them. */
class EvaluationVectorsTest {

  private static final double RELATIVE = 1e-12;

  @TestFactory
  Stream<DynamicTest> binaryAgreesWithScikitLearn() throws IOException {
    return cases(
        "classification",
        vector -> Evaluation.binary(doubles(vector, "score"), doubles(vector, "label")));
  }

  @TestFactory
  Stream<DynamicTest> regressionAgreesWithScikitLearn() throws IOException {
    return cases("regression", EvaluationVectorsTest::regression);
  }

  @TestFactory
  Stream<DynamicTest> multiclassAgreesWithScikitLearn() throws IOException {
    return cases("multiclass", EvaluationVectorsTest::multiclass);
  }

  @TestFactory
  Stream<DynamicTest> quantileLossAgreesWithScikitLearn() throws IOException {
    return vectors("regression")
        .map(
            vector ->
                DynamicTest.dynamicTest(
                    vector.get("name").asText(),
                    () -> {
                      RegressionEvaluation evaluation = regression(vector);
                      for (String quantile : names(vector.get("pinball"))) {
                        assertThat(evaluation.pinballLoss(Double.parseDouble(quantile)))
                            .as(quantile)
                            .satisfies(near(vector.get("pinball").get(quantile)));
                        checkPinballInterval(evaluation, quantile, vector);
                      }
                      assertThat(evaluation.metrics().get("pinball_loss_0.9"))
                          .satisfies(near(vector.get("pinball").get("0.9")));
                      assertThat(evaluation.metrics().get("pinball_loss_0.1"))
                          .isEqualTo(evaluation.pinballLoss(0.1));
                    }));
  }

  private static void checkPinballInterval(
      RegressionEvaluation evaluation, String quantile, JsonNode vector) {
    double number = Double.parseDouble(quantile);
    JsonNode expected = vector.get("pinball_intervals").get(quantile);
    Optional<Interval> interval = evaluation.pinballInterval(number);
    assertThat(interval.isPresent()).as(quantile).isEqualTo(expected != null);
    interval.ifPresent(
        found -> checkInterval(quantile, found, evaluation.pinballLoss(number), expected));
  }

  @TestFactory
  Stream<DynamicTest> confusionAndAucOfEachClassAgreeWithScikitLearn() throws IOException {
    return vectors("multiclass")
        .map(
            vector ->
                DynamicTest.dynamicTest(
                    vector.get("name").asText(), () -> checkClasses(multiclass(vector), vector)));
  }

  private static void checkClasses(MulticlassEvaluation evaluation, JsonNode vector) {
    List<String> classes = strings(vector, "classes");
    assertThat(evaluation.classes()).isEqualTo(classes);
    for (int actual = 0; actual < classes.size(); actual++) {
      for (int predicted = 0; predicted < classes.size(); predicted++) {
        assertThat(evaluation.confusion().count(classes.get(actual), classes.get(predicted)))
            .isEqualTo(vector.get("confusion").get(actual).get(predicted).asLong());
      }
      assertThat(evaluation.aucByClass().get(classes.get(actual)))
          .satisfies(near(vector.get("auc_by_class").get(actual)));
    }
  }

  private static RegressionEvaluation regression(JsonNode vector) {
    return Evaluation.regression(doubles(vector, "predicted"), doubles(vector, "actual"));
  }

  private static MulticlassEvaluation multiclass(JsonNode vector) {
    double[][] probabilities =
        StreamSupport.stream(vector.get("probability").spliterator(), false)
            .map(EvaluationVectorsTest::doubles)
            .toArray(double[][]::new);
    return Evaluation.multiclass(
        strings(vector, "classes"), probabilities, strings(vector, "label"));
  }

  private static Stream<JsonNode> vectors(String kind) throws IOException {
    try (InputStream in =
        Objects.requireNonNull(
            EvaluationVectorsTest.class.getResourceAsStream("evaluation_vectors.json"))) {
      JsonNode cases = new ObjectMapper().readTree(in).get(kind);
      assertThat(cases).hasSizeGreaterThan(10);
      return StreamSupport.stream(cases.spliterator(), false);
    }
  }

  private static Stream<DynamicTest> cases(String kind, Function<JsonNode, Evaluation> judge)
      throws IOException {
    return vectors(kind)
        .map(
            vector ->
                DynamicTest.dynamicTest(
                    vector.get("name").asText(), () -> check(judge.apply(vector), vector)));
  }

  private static void check(Evaluation evaluation, JsonNode vector) {
    JsonNode expected = vector.get("expected");
    Map<String, Double> metrics = evaluation.metrics();
    assertThat(metrics.keySet()).containsExactlyElementsOf(names(expected));
    metrics.forEach(
        (name, value) -> assertThat(value).as(name).satisfies(near(expected.get(name))));
    JsonNode intervals = vector.get("intervals");
    assertThat(evaluation.intervals().keySet())
        .containsExactlyInAnyOrderElementsOf(names(intervals));
    evaluation
        .intervals()
        .forEach(
            (name, interval) ->
                checkInterval(name, interval, metrics.get(name), intervals.get(name)));
  }

  private static void checkInterval(
      String name, Interval interval, double value, JsonNode expected) {
    // An end near 0 is a difference, so the value itself is the measure.
    double size = Math.abs(value) + interval.upper() - interval.lower();
    assertThat(interval.lower())
        .as(name)
        .isCloseTo(expected.get(0).asDouble(), within(size * RELATIVE));
    assertThat(interval.upper())
        .as(name)
        .isCloseTo(expected.get(1).asDouble(), within(size * RELATIVE));
  }

  private static Consumer<Double> near(JsonNode expected) {
    return value -> {
      if (expected.isNull()) {
        assertThat(value).isNaN();
      } else {
        double number = expected.asDouble();
        assertThat(value).isCloseTo(number, within(Math.abs(number) * RELATIVE));
      }
    };
  }

  private static List<String> names(JsonNode object) {
    List<String> names = new ArrayList<>();
    object.fieldNames().forEachRemaining(names::add);
    return names;
  }

  private static List<String> strings(JsonNode vector, String field) {
    return StreamSupport.stream(vector.get(field).spliterator(), false)
        .map(JsonNode::asText)
        .toList();
  }

  private static double[] doubles(JsonNode vector, String field) {
    return doubles(vector.get(field));
  }

  private static double[] doubles(JsonNode array) {
    return StreamSupport.stream(array.spliterator(), false)
        .mapToDouble(JsonNode::asDouble)
        .toArray();
  }
}
