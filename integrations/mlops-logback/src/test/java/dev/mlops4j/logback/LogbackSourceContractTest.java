package dev.mlops4j.logback;

import dev.mlops4j.pipeline.LogSource;
import dev.mlops4j.testkit.LogSourceContract;

class LogbackSourceContractTest extends LogSourceContract {

  @Override
  protected Class<? extends LogSource> source() {
    return LogbackSource.class;
  }
}
