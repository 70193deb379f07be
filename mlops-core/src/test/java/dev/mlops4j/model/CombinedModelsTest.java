package dev.mlops4j.model;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.mlops4j.model.Signature.Input;
import dev.mlops4j.model.Signature.Output;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.Test;

class CombinedModelsTest {

  private static final Signature SIGNATURE =
      new Signature(List.of(Input.numeric("x")), Output.regression("y"));

  private final List<String> closed = new ArrayList<>();

  private Model plus(double number) {
    return new Model() {
      @Override
      public Signature signature() {
        return SIGNATURE;
      }

      @Override
      public void predict(double[] vector, double[] output) {
        if (vector[0] < 0) {
          throw new IllegalArgumentException("negative for " + number);
        }
        output[0] = vector[0] + number;
      }

      @Override
      public void close() {
        closed.add("plus " + number);
        if (number == 1) {
          throw new IllegalStateException("does not close");
        }
      }
    };
  }

  @Test
  void aFunctionIsAModel() {
    Model twice = Model.of(SIGNATURE, (vector, output) -> output[0] = 2 * vector[0]);

    assertThat(twice.predict(new double[] {3})).containsExactly(6);
    assertThat(twice.predictAll(new double[] {1, 2, 3}, 3)).containsExactly(2, 4, 6);
    double[] longer = {-1, -1};
    twice.predict(new double[] {4, 99}, longer);
    assertThat(longer).containsExactly(8, -1);
    assertThatThrownBy(() -> twice.predict(new double[0], new double[1]))
        .isInstanceOf(IllegalArgumentException.class);
  }

  @Test
  void anEnsembleIsTheWeightedMean() {
    Model mean = EnsembleModel.mean(List.of(plus(0), plus(10)));
    Model weighted = EnsembleModel.weighted(List.of(plus(0), plus(10)), 3, 1);

    assertThat(mean.predict(new double[] {1})).containsExactly(6);
    assertThat(weighted.predict(new double[] {1})).containsExactly(3.5);
    assertThat(weighted.predictAll(new double[] {1, 2}, 2)).containsExactly(3.5, 4.5);
  }

  @Test
  void aFallbackAsksTheNextModelAndSaysAllThatWentWrong() {
    Model never =
        Model.of(
            SIGNATURE,
            (vector, output) -> {
              throw new IllegalStateException("never");
            });
    Model fallback = FallbackModel.of(never, plus(5));

    assertThat(fallback.predict(new double[] {1})).containsExactly(6);
    assertThatThrownBy(() -> fallback.predict(new double[] {-1}))
        .hasMessage("never")
        .satisfies(e -> assertThat(e.getSuppressed()).hasSize(1));
  }

  @Test
  void allAreClosedThoughOneThrows() {
    Model ensemble = EnsembleModel.mean(List.of(plus(1), plus(2)));

    assertThatThrownBy(ensemble::close).hasMessage("does not close");
    assertThat(closed).containsExactly("plus 1.0", "plus 2.0");
  }

  @Test
  void modelsOfOtherSignaturesAndBadWeightsAreRefused() {
    Signature other = new Signature(List.of(Input.numeric("z")), Output.regression("y"));
    Model stranger = Model.of(other, (vector, output) -> {});

    assertThatThrownBy(() -> EnsembleModel.mean(List.of(plus(0), stranger)))
        .hasMessageContaining("one signature");
    assertThatThrownBy(() -> FallbackModel.of(plus(0), stranger))
        .hasMessageContaining("one signature");
    assertThatThrownBy(() -> EnsembleModel.mean(List.of())).hasMessageContaining("at least one");
    assertThatThrownBy(() -> EnsembleModel.weighted(List.of(plus(0)), 1, 2))
        .hasMessageContaining("found 2");
    assertThatThrownBy(() -> EnsembleModel.weighted(List.of(plus(0)), Double.NaN))
        .hasMessageContaining("NaN");
  }
}
