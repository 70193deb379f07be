package dev.mlops4j.pipeline;

import dev.mlops4j.MlopsException;
import java.util.List;

/** A run was to go on with a setting that only a run that begins can follow. */
public final class SettingNotForResumeException extends MlopsException {

  private static final long serialVersionUID = 1L;

  /** Creates the exception with the settings. */
  SettingNotForResumeException(List<String> settings) {
    super(
        "a run that goes on cannot follow these settings: "
            + String.join(", ", settings)
            + "; leave them out, or start another run");
  }
}
