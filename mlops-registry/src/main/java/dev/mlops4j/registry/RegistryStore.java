package dev.mlops4j.registry;

import dev.mlops4j.model.StoredPackage;
import java.time.Instant;
import java.util.List;
import java.util.Optional;
import java.util.SortedMap;

/**
 * Where model versions and their history are kept: for authors of backends. Users take {@link
 * Registry}, which has the rules; a store keeps, finds, and sees to it that a change is made only
 * to the state it was decided on.
 *
 * <p><b>Atomicity.</b> Each call is one transaction: it happens wholly or, when it throws, not at
 * all. What a call wrote is durable when it returns, and seen by every later call, of this instance
 * and of every other one on the same backend, in this process or another.
 *
 * <p><b>Unknown models</b> are those that never had a version; they have an empty history and no
 * changes.
 *
 * <p><b>Threads.</b> Safe for any number of threads and processes.
 *
 * <p><b>Nulls.</b> Never an argument, never a result.
 *
 * <p><b>Failure.</b> What the backend reports comes as a {@link dev.mlops4j.MlopsException} such as
 * {@code StorageException}; the store is as it was before the call.
 *
 * <p>{@code RegistryStoreContract} of mlops-testkit checks all of this.
 */
public interface RegistryStore {

  /**
   * Adds a version for each registration, all or none: in stage NONE, with the next number of its
   * model, the first being 1; a number is never given again, not that of a deleted version either.
   * If the model has a version of the same package digest and the same run already, that one is
   * meant and stays as it is.
   *
   * @param registrations at least one
   * @param at the time of registration of a new version
   * @return a version a registration, in their order
   */
  List<ModelVersion> register(List<Registration> registrations, Instant at);

  /** Adds one version; see {@link #register(List, Instant)}. */
  default ModelVersion register(String model, StoredPackage stored, Instant at) {
    return register(List.of(new Registration(model, stored, null)), at).get(0);
  }

  /**
   * The facts and the origin with which a version was registered, also of one that is deleted;
   * empty if there never was such a version. Datasets are in their order.
   */
  Optional<Origin> origin(String model, int number);

  /** What people say of a model, {@link ModelInfo#of} if nothing; empty if it is unknown. */
  Optional<ModelInfo> info(String model);

  /**
   * Replaces what people say of a model, if it is what was expected.
   *
   * @param expected of the same model, which is known
   * @return false if something else is said of it; then nothing changes
   */
  boolean describe(ModelInfo expected, ModelInfo next);

  /**
   * The models that have a version or had one that was deleted, in the order of their characters.
   */
  List<String> models();

  /** The versions of a model that are not deleted, by number; empty if it is unknown. */
  List<ModelVersion> versions(String model);

  /** One version, if there is one of this number that is not deleted. */
  Optional<ModelVersion> version(String model, int number);

  /** A version that was deleted, as it was then. */
  Optional<ModelVersion> deletedVersion(String model, int number);

  /** Of the versions in this stage the one that came last into it; of NONE none. */
  Optional<ModelVersion> currentIn(String model, Stage stage);

  /** How many entries the model's history has: the sequence of the last one, or 0. */
  long changeCount(String model);

  /**
   * Appends entries to a model's history and changes stages and aliases and deletes versions as
   * they say (a {@link GateRequirement} is in the history alone), if the history has exactly as
   * many entries as expected.
   *
   * @param expectedCount the {@link #changeCount} on which the entries were decided
   * @param entries at least one; of this model and its versions, their sequences going on from the
   *     expected count
   * @return false if the history has another number of entries; then nothing changes
   */
  boolean append(String model, long expectedCount, List<HistoryEntry> entries);

  /** The entries of a model's history after this sequence, in order; from the first if it is 0. */
  List<HistoryEntry> history(String model, long after);

  /** The aliases of a model and the numbers of the versions they point to. */
  SortedMap<String, Integer> aliases(String model);

  /** Adds a follower, or replaces the one of the same id. */
  void putFollower(FollowerRecord follower);

  /** Removes a follower; one that is not there is fine. */
  void removeFollower(String followerId);

  /** The followers of a model, live or not, by the time they started. */
  List<FollowerRecord> followers(String model);
}
