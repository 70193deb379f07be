package dev.mlops4j.tracking;

import dev.mlops4j.storage.StorageException;
import dev.mlops4j.storage.StorageFullException;
import java.lang.reflect.InvocationTargetException;
import java.lang.reflect.Proxy;

/** A store whose disk is full when the test says so. */
final class FailingStore {

  private final TrackingStore store;
  private volatile boolean failing;
  private volatile boolean mute;
  private volatile boolean broken;

  FailingStore(TrackingStore store) {
    this.store = store;
  }

  void fail(boolean now) {
    failing = now;
  }

  /** It does what it is asked and cannot say so, as when a connection is lost in a commit. */
  void loseAnswers(boolean now) {
    mute = now;
  }

  /** From now on it ends with an Error, as a lack of memory does. */
  void breakDown() {
    broken = true;
  }

  TrackingStore proxy() {
    return (TrackingStore)
        Proxy.newProxyInstance(
            TrackingStore.class.getClassLoader(),
            new Class<?>[] {TrackingStore.class},
            (proxy, method, args) -> {
              if (broken) {
                throw new StackOverflowError();
              }
              if (failing) {
                throw new StorageFullException("the disk is full", null);
              }
              try {
                Object answer = method.invoke(store, args);
                if (mute) {
                  throw new StorageException("the connection was lost in a commit", null);
                }
                return answer;
              } catch (InvocationTargetException e) {
                throw e.getCause();
              }
            });
  }
}
