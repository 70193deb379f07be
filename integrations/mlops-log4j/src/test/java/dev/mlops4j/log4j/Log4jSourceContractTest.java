package dev.mlops4j.log4j;

import dev.mlops4j.pipeline.LogSource;
import dev.mlops4j.testkit.LogSourceContract;

class Log4jSourceContractTest extends LogSourceContract {

  @Override
  protected Class<? extends LogSource> source() {
    return Log4jSource.class;
  }
}
