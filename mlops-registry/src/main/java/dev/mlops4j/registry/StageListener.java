package dev.mlops4j.registry;

import dev.mlops4j.MlopsException;

/** Is told of the changes of a stage; see {@link Registry#watch}. */
@FunctionalInterface
public interface StageListener {

  /**
   * Versions came into the stage or left it since the last look; {@link StageMove#from} and {@link
   * StageMove#to} are the same if that was taken back meanwhile. Called by the watch's own thread,
   * one call at a time; what it throws is logged, and the watch goes on.
   */
  void changed(StageMove move);

  /**
   * The registry could not be asked; it is asked again after the interval, and no change is lost.
   */
  default void failed(MlopsException failure) {}
}
