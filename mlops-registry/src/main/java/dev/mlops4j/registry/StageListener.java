package dev.mlops4j.registry;

import dev.mlops4j.MlopsException;

/** Is told of the changes of a stage; see {@link Registry#watch}. */
@FunctionalInterface
public interface StageListener {

  /**
   * Another version is in the stage than at the last look. Called by the watch's own thread, one
   * call at a time; what it throws is logged, and the watch goes on.
   */
  void changed(StageMove move);

  /**
   * The registry could not be asked; it is asked again after the interval, and no change is lost.
   */
  default void failed(MlopsException failure) {}
}
