package dev.mlops4j.monitoring;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.mlops4j.model.Signature;
import dev.mlops4j.model.Signature.Input;
import dev.mlops4j.model.Signature.Output;
import dev.mlops4j.storage.StorageException;
import java.util.List;
import org.junit.jupiter.api.Test;

/** What counts of predictions that other versions answered, and of those that are odd. */
class PredictionCounterTest {

  private static final Signature OTHER_INPUTS =
      new Signature(List.of(Input.numeric("colour"), Input.numeric("size")), Output.binary("late"));

  private final Reference reference = Reference.of(TestData.byWeek(7), TestData.SIGNATURE);

  private PredictionCounter counter() {
    return new PredictionCounter(
        reference,
        2,
        version -> {
          if (version == 1) {
            return OTHER_INPUTS;
          }
          throw new MonitoringException("there is no version " + version);
        });
  }

  @Test
  void whatAVersionDoesNotTakeIsNoRowOfTheColumn() {
    PredictionCounter counter = counter();
    counter.add(2, new double[] {0.5, 1}, new double[] {0.3}, null);
    counter.add(2, new double[] {Double.NaN, Double.NaN}, new double[] {0.3}, null);
    counter.add(1, new double[] {7, 0.5}, new double[] {0.3}, null);
    PeriodCounts counts = counter.counts();
    assertThat(counts.rows).isEqualTo(3);
    assertThat(counts.columns[0].rows).as("size is in both").isEqualTo(3);
    assertThat(counts.columns[0].missing).isEqualTo(1);
    assertThat(counts.columns[1].rows).as("colour is a number in the other").isEqualTo(2);
    assertThat(counts.columns[1].missing).isEqualTo(1);
  }

  @Test
  void aNumberThatIsInfiniteIsMissing() {
    PredictionCounter counter = counter();
    counter.add(2, new double[] {Double.POSITIVE_INFINITY, 1}, new double[] {0.3}, null);
    counter.add(2, new double[] {Double.NEGATIVE_INFINITY, 1}, new double[] {0.3}, null);
    ColumnCounts size = counter.counts().columns[0];
    assertThat(size.rows).isEqualTo(2);
    assertThat(size.missing).isEqualTo(2);
    assertThat(size.counts).containsOnly(0);
  }

  @Test
  void vectorsThatAreNotKeptAreNoRowsOfAnyFeature() {
    PredictionCounter counter = counter();
    counter.add(2, new double[0], new double[] {0.3}, "1");
    PeriodCounts counts = counter.counts();
    assertThat(counts.columns[0].rows).isZero();
    assertThat(counts.columns[0].missing).isZero();
    assertThat(counts.columns[2].rows).as("the prediction is there").isEqualTo(1);
    assertThat(counts.columns[3].rows).as("and so is the label").isEqualTo(1);
  }

  @Test
  void ofAVersionThatNobodyKnowsVolumeAndLabelsCount() {
    PredictionCounter counter = counter();
    counter.add(0, new double[] {0.5, 1}, new double[] {0.3}, "1");
    PeriodCounts counts = counter.counts();
    assertThat(counts.rows).isEqualTo(1);
    assertThat(counts.versions).containsEntry(0, 1L);
    assertThat(counts.columns[0].rows).isZero();
    assertThat(counts.columns[3].counts).containsExactly(0, 1);
    assertThat(counts.labelled()).isEqualTo(1);
    assertThat(counts.predictions()).containsExactly(0.3);
  }

  @Test
  void aStoreThatFailsNowIsNotAVersionThatNobodyKnows() {
    PredictionCounter counter =
        new PredictionCounter(
            reference,
            2,
            version -> {
              throw new StorageException("the registry is away", null);
            });
    assertThatThrownBy(() -> counter.add(1, new double[0], new double[] {0.3}, null))
        .isInstanceOf(StorageException.class);
  }

  @Test
  void outputsThatMetricsCannotTakeAreLabelledAndNoPairs() {
    PredictionCounter counter = counter();
    double[] odd = {1.0000001, -0.1, Double.NaN, Double.POSITIVE_INFINITY};
    for (double output : odd) {
      counter.add(2, new double[] {0.5, 1}, new double[] {output}, "1");
    }
    counter.add(2, new double[] {0.5, 1}, new double[0], "1");
    counter.add(2, new double[] {0.5, 1}, new double[] {1}, "1");
    PeriodCounts counts = counter.counts();
    assertThat(counts.labelled()).isEqualTo(6);
    assertThat(counts.predictions()).containsExactly(1);
    assertThat(counts.columns[4].rows).as("predicted against actual").isEqualTo(1);
    assertThat(counts.columns[4].predicted).isEqualTo(1);
  }
}
