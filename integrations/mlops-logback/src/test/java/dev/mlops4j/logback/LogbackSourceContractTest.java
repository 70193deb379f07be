package dev.mlops4j.logback;

import ch.qos.logback.classic.LoggerContext;
import ch.qos.logback.classic.util.ContextInitializer;
import ch.qos.logback.core.joran.spi.JoranException;
import dev.mlops4j.pipeline.LogSource;
import dev.mlops4j.testkit.LogSourceContract;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

class LogbackSourceContractTest extends LogSourceContract {

  @Override
  protected Class<? extends LogSource> source() {
    return LogbackSource.class;
  }

  @Override
  protected int listeners() {
    int count = 0;
    for (var all = context().getLogger(Logger.ROOT_LOGGER_NAME).iteratorForAppenders();
        all.hasNext();
        all.next()) {
      count++;
    }
    return count;
  }

  @Override
  protected void configureAnew() {
    context().reset();
    try {
      new ContextInitializer(context()).autoConfig();
    } catch (JoranException e) {
      throw new IllegalStateException(e);
    }
  }

  private static LoggerContext context() {
    return (LoggerContext) LoggerFactory.getILoggerFactory();
  }
}
