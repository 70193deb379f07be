package dev.mlops4j.serving;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.mlops4j.feature.FeatureSet;
import dev.mlops4j.model.Model;
import dev.mlops4j.model.Prediction;
import dev.mlops4j.model.PredictionListener;
import dev.mlops4j.model.Signature;
import dev.mlops4j.model.Signature.Input;
import dev.mlops4j.model.Signature.Output;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.CompletionException;
import org.junit.jupiter.api.Test;

/** Listeners hear of requests that no model answered, whether or not a fallback stood in. */
class ListenerFailureTest {

  private static final Output DELAY = Output.regression("delay");
  private static final FeatureSet<Trip> DISTANCE =
      FeatureSet.named("trip", Trip.class).numeric("distance", Trip::distance).build();
  private static final Signature SIGNATURE =
      new Signature(List.of(Input.numeric("distance")), DELAY);
  private static final Model PICKY =
      Model.of(
          SIGNATURE,
          (vector, output) -> {
            if (vector[0] < 0) {
              throw new IllegalArgumentException("negative");
            }
            output[0] = vector[0];
          });
  private static final Trip WRONG = new Trip(-1, "B");

  private final List<String> heard = new ArrayList<>();
  private final PredictionListener listener =
      new PredictionListener() {
        @Override
        public void predicted(Prediction prediction) {
          heard.add("predicted");
        }

        @Override
        public void failed(String predictionId, Throwable failure) {
          heard.add(predictionId.isEmpty() ? "no id" : failure.getMessage());
        }
      };

  private PredictorBuilder<Trip> serving() {
    return Predictor.of(DISTANCE).serve("m", PICKY).listener(listener);
  }

  @Test
  void aFailureIsHeardOfWithAFallbackAndWithout() {
    try (Predictor<Trip> predictor = serving().fallback(Fallback.to(DELAY, 5)).build()) {
      predictor.predict(WRONG);
      assertThat(heard).containsExactly("negative");
    }
    heard.clear();
    try (Predictor<Trip> predictor = serving().build()) {
      assertThatThrownBy(() -> predictor.predict(WRONG)).hasMessage("negative");
      assertThatThrownBy(() -> predictor.predictAsync(WRONG).join())
          .isInstanceOf(CompletionException.class);
      assertThat(heard).containsExactly("negative", "negative");
    }
  }

  @Test
  void ofABatchOnlyTheRowThatFailedIsHeardOf() {
    try (Predictor<Trip> predictor = serving().fallback(Fallback.to(DELAY, 5)).build()) {
      predictor.predictAll(List.of(Trip.ANY, WRONG, Trip.ANY));
      assertThat(heard).containsExactly("negative", "predicted", "predicted");
    }
  }

  @Test
  void aClosedPredictorTellsNobody() {
    Predictor<Trip> predictor = serving().build();
    predictor.close();
    assertThatThrownBy(() -> predictor.predict(WRONG)).isInstanceOf(IllegalStateException.class);
    assertThat(heard).isEmpty();
  }

  @Test
  void aListenerThatThrowsSpoilsNothing() {
    PredictionListener throwing =
        new PredictionListener() {
          @Override
          public void predicted(Prediction prediction) {}

          @Override
          public void failed(String predictionId, Throwable failure) {
            throw new IllegalStateException("the listener is broken");
          }
        };
    try (Predictor<Trip> predictor =
        Predictor.of(DISTANCE)
            .serve("m", PICKY)
            .listener(throwing)
            .listener(listener)
            .fallback(Fallback.to(DELAY, 5))
            .build()) {
      assertThat(predictor.predict(WRONG).value()).isEqualTo(5);
      assertThat(heard).containsExactly("negative");
      assertThat(predictor.state().listenerFailures()).isEqualTo(1);
    }
  }
}
