package dev.mlops4j.feature;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.mlops4j.data.Sensitive;
import dev.mlops4j.model.GoldenRow;
import dev.mlops4j.model.GoldenSample;
import java.util.List;
import java.util.function.ToDoubleFunction;
import java.util.stream.IntStream;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;

/** Yesterday's golden rows and today's code: a difference says all but what is sensitive. */
class FeatureSkewTest {

  private static final String SECRET = "99887766";

  record Applicant(@Sensitive @Nullable String passport, double income, boolean pays) {}

  @Test
  void aRowFunctionThatHasChangedIsNamedWithItsRowAndBothValues() {
    List<GoldenRow> yesterday = golden(Applicant::income);
    FeatureSet<Applicant> today = set(applicant -> Math.max(applicant.income(), 300));
    assertThat(today.fingerprint()).as("nothing else sees it").isEqualTo(set(a -> 0).fingerprint());
    assertThatThrownBy(() -> replay(today, yesterday))
        .isInstanceOfSatisfying(
            FeatureSkewException.class,
            e -> {
              assertThat(e.featureSet()).isEqualTo("applicants");
              assertThat(e.feature()).isEqualTo("income");
              GoldenSample first = yesterday.get(e.row()).sample();
              assertThat(e)
                  .hasMessageContaining("golden row " + e.row() + ", feature \"income\"")
                  .hasMessageContaining(first.vector()[0] + " in training, now 300.0");
            })
        .hasMessageNotContaining(SECRET);
  }

  @Test
  void whatIsSensitiveIsNotSaidWhenAFunctionOfItHasChanged() {
    List<GoldenRow> yesterday = golden(a -> a.passport() == null ? 0 : number(a.passport()));
    FeatureSet<Applicant> today = set(a -> a.passport() == null ? 1 : 2 * number(a.passport()));
    assertThatThrownBy(() -> replay(today, yesterday))
        .isInstanceOf(FeatureSkewException.class)
        .hasMessageContaining("golden row 0, feature \"income\": 0.0 in training, now 1.0")
        .hasMessageNotContaining("99887")
        .hasMessageNotContaining("9.9887");
  }

  private static double number(@Nullable String passport) {
    return passport == null ? Double.NaN : Double.parseDouble(passport);
  }

  private static void replay(FeatureSet<Applicant> set, List<GoldenRow> rows) {
    set.bind(training(set).signature()).replay(rows);
  }

  private static List<GoldenRow> golden(ToDoubleFunction<Applicant> income) {
    return training(set(income)).goldenSamples().stream()
        .map(sample -> new GoldenRow(sample, new double[] {0.5}))
        .toList();
  }

  private static TrainingSet training(FeatureSet<Applicant> set) {
    List<Applicant> applicants =
        IntStream.range(0, 30).mapToObj(i -> new Applicant(SECRET, 100 + i, i % 2 == 0)).toList();
    return TrainingSet.of(set, applicants, Target.binary("pays", Applicant::pays));
  }

  private static FeatureSet<Applicant> set(ToDoubleFunction<Applicant> income) {
    return FeatureSet.named("applicants", Applicant.class).numeric("income", income).build();
  }
}
