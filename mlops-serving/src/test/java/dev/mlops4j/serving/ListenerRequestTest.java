package dev.mlops4j.serving;

import static org.assertj.core.api.Assertions.assertThat;

import dev.mlops4j.model.Prediction;
import dev.mlops4j.model.PredictionListener;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Listeners that ask for the request have it, of every way to predict; others need not know. */
class ListenerRequestTest {

  @TempDir Path directory;

  @Test
  void aListenerHearsOfTheRequest() {
    try (Fixture fixture = new Fixture(directory.resolve("workspace"))) {
      fixture.promote(fixture.version());
      List<Object> requests = new ArrayList<>();
      List<String> ids = new ArrayList<>();
      PredictionListener both =
          new PredictionListener() {
            @Override
            public void predicted(Prediction prediction) {
              throw new AssertionError("the other method is overridden");
            }

            @Override
            public void predicted(Object request, Prediction prediction) {
              requests.add(request);
            }
          };
      try (Predictor<Trip> predictor =
          fixture.follower().listener(both).listener(one -> ids.add(one.id())).build()) {
        Prediction single = predictor.predict("own", Trip.ANY);
        Prediction batched = predictor.predictAll(List.of(Trip.ANY)).get(0);
        assertThat(ids).containsExactly(single.id(), batched.id());
        assertThat(requests).hasSize(2).allSatisfy(one -> assertThat(one).isSameAs(Trip.ANY));
        assertThat(predictor.state().listenerFailures()).isZero();
      }
    }
  }
}
