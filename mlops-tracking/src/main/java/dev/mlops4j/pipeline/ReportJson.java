package dev.mlops4j.pipeline;

import com.fasterxml.jackson.core.JsonProcessingException;

/** Reports as they are stored in the run. */
final class ReportJson {

  private static final int FORMAT = 1;

  private ReportJson() {}

  static String write(PipelineReport report) {
    return StepJson.write("a report", new Stored(FORMAT, report));
  }

  /**
   * Reads what {@link #write} gave.
   *
   * @throws BrokenOutputException if it cannot be read
   */
  static PipelineReport read(String text) {
    try {
      Stored stored = StepJson.read(text, Stored.class);
      if (stored.format() > FORMAT) {
        throw new BrokenOutputException(
            "the report of the run has the format "
                + stored.format()
                + " of a newer library; this one reads up to "
                + FORMAT,
            null);
      }
      return stored.report();
    } catch (JsonProcessingException e) {
      throw new BrokenOutputException("the report of the run cannot be read", e);
    }
  }

  private record Stored(int format, PipelineReport report) {}
}
