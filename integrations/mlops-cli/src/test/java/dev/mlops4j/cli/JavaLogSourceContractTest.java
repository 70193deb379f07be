package dev.mlops4j.cli;

import dev.mlops4j.pipeline.JavaLogSource;
import dev.mlops4j.pipeline.LogSource;
import dev.mlops4j.testkit.LogSourceContract;

class JavaLogSourceContractTest extends LogSourceContract {

  @Override
  protected Class<? extends LogSource> source() {
    return JavaLogSource.class;
  }
}
