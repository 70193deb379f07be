package dev.mlops4j.cli;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.PrintStream;
import java.nio.charset.StandardCharsets;
import java.util.logging.LogManager;
import java.util.logging.Logger;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.slf4j.LoggerFactory;

class LoggingTest {

  private final PrintStream before = System.err;
  private final ByteArrayOutputStream written = new ByteArrayOutputStream();

  @AfterEach
  void restore() throws IOException {
    System.setErr(before);
    LogManager.getLogManager().readConfiguration();
  }

  @Test
  void nothingIsLoggedToTheTerminal() {
    log(false);
    assertThat(written).hasToString("");
  }

  @Test
  void withAStackTraceWarningsAreWrittenToTheErrorStream() {
    log(true);
    assertThat(written.toString(StandardCharsets.UTF_8))
        .contains("a lease was lost", "a bare warning")
        .doesNotContain("all is well");
  }

  private void log(boolean warnings) {
    System.setErr(new PrintStream(written, true, StandardCharsets.UTF_8));
    Mlops.resetLogging(warnings);
    LoggerFactory.getLogger("dev.mlops4j.cli.LoggingTest").warn("a lease was lost");
    Logger.getLogger("other").warning("a bare warning");
    Logger.getLogger("other").info("all is well");
  }
}
