package dev.mlops4j.monitoring;

import dev.mlops4j.data.Timestamps;
import dev.mlops4j.feature.Target;
import dev.mlops4j.model.Prediction;
import dev.mlops4j.model.Signature;
import java.time.Instant;
import java.util.concurrent.atomic.AtomicBoolean;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** Which predictions a monitor records: those of its model and target that a ledger can hold. */
final class PredictionIntake {

  private static final Logger LOG = LoggerFactory.getLogger(Monitor.class);

  private final String model;
  private final Target<?, ?> target;
  private final Ledger ledger;
  private final AtomicBoolean warned = new AtomicBoolean();

  PredictionIntake(String model, Target<?, ?> target, Ledger ledger) {
    this.model = model;
    this.target = target;
    this.ledger = ledger;
  }

  /** A prediction to be looked at by the thread that writes, not by the caller's. */
  Handed handed(Prediction prediction, Instant heardAt, FeatureLog.@Nullable Logged logged) {
    return () ->
        isRecordable(prediction)
            ? LedgerEntry.Asked.of(
                prediction,
                Timestamps.toMicros(prediction.askedAt()),
                Timestamps.toMicros(heardAt),
                logged)
            : null;
  }

  boolean isRecordable(Prediction prediction) {
    return isOfThisModel(prediction)
        && prediction.id().length() <= Recordable.MAX_ID_LENGTH
        && Recordable.isText(prediction.id())
        && ledger.holds(prediction.id())
        && ledger.holds(prediction.arm())
        && Recordable.isMoment(prediction.askedAt())
        && prediction.vector().length <= Recordable.MAX_DOUBLES
        && prediction.output().length <= Recordable.MAX_DOUBLES;
  }

  private boolean isOfThisModel(Prediction prediction) {
    Signature.Output output = prediction.signature().output();
    boolean same =
        prediction.model().equals(model)
            && output.name().equals(target.name())
            && output.task() == target.task();
    if (!same && warned.compareAndSet(false, true)) {
      LOG.warn(
          "a prediction of \"{}\", {} \"{}\", was dropped: this monitor is of \"{}\", {} \"{}\";"
              + " give the predictor a monitor of its own model and target",
          prediction.model(),
          output.task(),
          output.name(),
          model,
          target.task(),
          target.name());
    }
    return same;
  }
}
