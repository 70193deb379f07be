package dev.mlops4j.serving;

import dev.mlops4j.model.Explanation;
import dev.mlops4j.model.ExplanationException;
import dev.mlops4j.model.Prediction;
import dev.mlops4j.model.Signature;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.SortedMap;
import java.util.TreeMap;
import org.jspecify.annotations.Nullable;

/** All models of a predictor: the champion, the arms beside it, the shadows. */
final class Arms<T> {

  private final Arm<T> champion;
  private final String model;
  private final List<Arm<T>> others;
  private final @Nullable Split<T> split;
  private final List<Shadow<T>> shadows;

  Arms(
      String model,
      Arm<T> champion,
      List<Arm<T>> others,
      @Nullable Split<T> split,
      List<Shadow<T>> shadows) {
    this.model = model;
    this.champion = champion;
    this.others = others;
    this.split = split;
    this.shadows = shadows;
  }

  /** Begins to serve; when it throws, nothing is held. */
  void start(List<Starter> starters, Duration closePatience) {
    try {
      starters.forEach(Starter::start);
    } catch (Throwable e) {
      close(closePatience);
      throw e;
    }
  }

  Arm<T> champion() {
    return champion;
  }

  String model() {
    return model;
  }

  /** The arm that answers a request; an arm without a version leaves it to the champion. */
  Arm<T> of(T request) {
    Split<T> chosen = split;
    if (chosen == null) {
      return champion;
    }
    Arm<T> arm = chosen.arm(request);
    return arm == null || !arm.serves() ? champion : arm;
  }

  List<Arm<T>> all() {
    List<Arm<T>> all = new ArrayList<>();
    all.add(champion);
    all.addAll(others);
    shadows.forEach(shadow -> all.add(shadow.arm()));
    return all;
  }

  void shadow(T request, Prediction answered) {
    // By index: in most predictors there is none, and the call is to cost nothing.
    for (int i = 0; i < shadows.size(); i++) {
      shadows.get(i).offer(request, answered);
    }
  }

  List<ShadowReport> shadowReports() {
    return shadows.stream().map(Shadow::report).toList();
  }

  void look() {
    all().forEach(Arm::look);
  }

  SortedMap<String, Long> answered() {
    SortedMap<String, Long> answered = new TreeMap<>();
    answered.put(champion.name(), champion.answered());
    others.forEach(arm -> answered.put(arm.name(), arm.answered()));
    return answered;
  }

  @Nullable Signature signature() {
    ServedVersion<T> version = champion.serving();
    return version == null ? null : version.signature();
  }

  Explanation explain(Prediction prediction) {
    for (Arm<T> arm : all()) {
      ServedVersion<T> version = arm.serving();
      if (arm.name().equals(prediction.arm())
          && version != null
          && version.number() == prediction.version()
          && version.acquire()) {
        try {
          return version.explain(prediction.vector());
        } finally {
          version.release();
        }
      }
    }
    throw new ExplanationException(
        prediction.arm().equals(Prediction.FALLBACK)
            ? "a fallback is a constant and has no explanation"
            : "the prediction is of version "
                + prediction.version()
                + " of arm \""
                + prediction.arm()
                + "\", which does not serve here any more; explain a prediction before its version"
                + " is replaced, or load the version with ModelLoaders");
  }

  Health health() {
    PredictorState state = champion.state(0);
    List<String> degraded = new ArrayList<>();
    for (Arm<T> arm : all()) {
      PredictorState one = arm.state(0);
      String problem = one.problem();
      if (one.status() == PredictorState.Status.EMPTY) {
        degraded.add(arm.name() + ": no version serves" + (problem == null ? "" : ": " + problem));
      } else if (problem != null) {
        degraded.add(arm.name() + ": " + problem);
      }
    }
    boolean live = state.status() != PredictorState.Status.CLOSED;
    return new Health(live, live && champion.serves(), live ? degraded : List.of("closed"));
  }

  void close(Duration patience) {
    all().forEach(arm -> arm.close(patience));
    shadows.forEach(Shadow::close);
  }

  /** Starts one arm. */
  @FunctionalInterface
  interface Starter {
    void start();
  }
}
