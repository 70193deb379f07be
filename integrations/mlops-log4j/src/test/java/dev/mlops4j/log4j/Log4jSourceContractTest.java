package dev.mlops4j.log4j;

import dev.mlops4j.pipeline.LogSource;
import dev.mlops4j.testkit.LogSourceContract;
import org.apache.logging.log4j.LogManager;
import org.apache.logging.log4j.core.LoggerContext;

class Log4jSourceContractTest extends LogSourceContract {

  @Override
  protected Class<? extends LogSource> source() {
    return Log4jSource.class;
  }

  @Override
  protected int listeners() {
    return context().getConfiguration().getRootLogger().getAppenders().size();
  }

  @Override
  protected void configureAnew() {
    context().reconfigure();
  }

  private static LoggerContext context() {
    return (LoggerContext) LogManager.getContext(false);
  }
}
