package dev.mlops4j.cli;

import dev.mlops4j.pipeline.JavaLogSource;
import dev.mlops4j.pipeline.LogSource;
import dev.mlops4j.testkit.LogSourceContract;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.util.logging.LogManager;
import java.util.logging.Logger;

class JavaLogSourceContractTest extends LogSourceContract {

  @Override
  protected Class<? extends LogSource> source() {
    return JavaLogSource.class;
  }

  @Override
  protected int listeners() {
    return Logger.getLogger("").getHandlers().length;
  }

  @Override
  protected void configureAnew() {
    try {
      LogManager.getLogManager().readConfiguration();
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }
}
