package dev.mlops4j.evaluation;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.List;
import org.junit.jupiter.api.Test;

class BetterTest {

  @Test
  void wellKnownNamesAreKnownWithPrefixesToo() {
    for (String name :
        List.of(
            "auc",
            "test_auc",
            "train-aucpr",
            "val/Accuracy",
            "average_precision",
            "ndcg@5",
            "f1_macro",
            "test_precision_weighted",
            "auc_ovr_weighted")) {
      assertThat(Better.of(name)).as(name).contains(Better.HIGHER);
    }
    for (String name :
        List.of(
            "log_loss",
            "train-logloss",
            "val_loss",
            "rmse",
            "validation-error@0.7",
            "brier",
            "pinball_loss_0.9",
            "test_pinball_loss_0.05",
            "calibration_error")) {
      assertThat(Better.of(name)).as(name).contains(Better.LOWER);
    }
  }

  @Test
  void otherNamesSayNothing() {
    for (String name :
        List.of("mean_error", "test_mean_error", "lift", "rows", "positives", "glossy", "_", "")) {
      assertThat(Better.of(name)).as(name).isEmpty();
    }
  }

  @Test
  void aLossIsPositiveForTheWorse() {
    assertThat(Better.HIGHER.loss(0.5, 0.75)).isEqualTo(0.25);
    assertThat(Better.LOWER.loss(0.5, 0.75)).isEqualTo(-0.25);
  }
}
