package dev.mlops4j.registry;

import dev.mlops4j.Digest;
import dev.mlops4j.model.ModelPackage;
import dev.mlops4j.model.StoredPackage;
import dev.mlops4j.workspace.Area;
import dev.mlops4j.workspace.Artifacts;
import dev.mlops4j.workspace.ProcessIdentity;
import dev.mlops4j.workspace.Workspace;
import java.time.Duration;
import java.time.Instant;
import java.time.InstantSource;
import java.util.List;
import java.util.SortedMap;
import java.util.UUID;
import org.jspecify.annotations.Nullable;

/**
 * The versions of models, the stages they are in, and the history of who put them there.
 *
 * <pre>{@code
 * Registry registry = Registry.in(workspace);
 * ModelVersion version = registry.register("flight-delay", run.log(modelPackage));
 * registry.promote(version).to(Stage.PRODUCTION).expecting(registry.production("flight-delay"))
 *     .because("beats the champion").commit();
 * registry.rollback("flight-delay", "accuracy fell on Friday");
 * }</pre>
 *
 * <p>A model is there from its first version on. Every change is one transaction, durable when the
 * call returns and seen by every process on the same workspace; a call that throws has changed
 * nothing.
 *
 * <p>Safe for any number of threads; several instances, in one process or many, may use the same
 * workspace. There is nothing to close.
 */
public final class Registry {

  /** How long a follower that no longer lives is remembered. */
  private static final Duration FORGET_FOLLOWERS_AFTER = Duration.ofDays(1);

  private final RegistryStore store;
  private final Artifacts artifacts;
  private final InstantSource clock;
  private final ChangeLog changes;

  private Registry(RegistryStore store, Artifacts artifacts, InstantSource clock) {
    this.store = store;
    this.artifacts = artifacts;
    this.clock = clock;
    this.changes = new ChangeLog(store, clock);
  }

  /** The registry of a workspace. */
  public static Registry in(Workspace workspace) {
    return over(
        new JdbcRegistryStore(workspace.database(Area.METADATA)),
        workspace.artifacts(),
        workspace.systemClock());
  }

  /**
   * The registry of a store.
   *
   * @param artifacts where the packages are
   * @param clock gives the times of registrations, changes and signs of life
   */
  public static Registry over(RegistryStore store, Artifacts artifacts, InstantSource clock) {
    return new Registry(store, artifacts, clock);
  }

  /**
   * Registers a package as the next version of a model, in stage NONE. Registering the same package
   * from the same run again gives the version it already has.
   *
   * @param model 1 to 128 characters out of A-Z a-z 0-9 . _ - that begin with a letter or a digit
   * @throws InvalidModelNameException if the name is not of this form
   * @throws dev.mlops4j.workspace.NoSuchArtifactException if the workspace does not have the
   *     package
   * @throws dev.mlops4j.workspace.CorruptArtifactException if the package was altered
   */
  public ModelVersion register(String model, StoredPackage stored) {
    Names.checkModel(model);
    artifacts.renewTree(stored.digest());
    artifacts.readTree(stored.digest());
    return store.register(model, stored, clock.instant());
  }

  /** The models that have a version, by name. */
  public List<String> models() {
    return store.models();
  }

  /**
   * The versions of a model, by number.
   *
   * @throws NoSuchModelException if there is no such model
   */
  public List<ModelVersion> versions(String model) {
    List<ModelVersion> versions = store.versions(Names.checkModel(model));
    if (versions.isEmpty()) {
      throw new NoSuchModelException(model, store.models());
    }
    return versions;
  }

  /**
   * The versions of all models that were trained on features of this fingerprint, by model and
   * number: what a change of the features, or of a view they look up, is about.
   */
  public List<ModelVersion> versionsUsing(Digest featureFingerprint) {
    return models().stream()
        .flatMap(model -> versions(model).stream())
        .filter(version -> featureFingerprint.equals(version.featureFingerprint()))
        .toList();
  }

  /**
   * One version of a model.
   *
   * @throws NoSuchModelException if there is no such model
   * @throws NoSuchModelVersionException if the model has no version of this number
   */
  public ModelVersion version(String model, int number) {
    return store
        .version(Names.checkModel(model), number)
        .orElseThrow(() -> new NoSuchModelVersionException(model, number, versions(model)));
  }

  /**
   * The version in PRODUCTION, or null.
   *
   * @throws NoSuchModelException if there is no such model
   */
  public @Nullable ModelVersion production(String model) {
    return currentIn(model, Stage.PRODUCTION);
  }

  /**
   * The version in a stage, of several the one that came last; null if there is none. Of NONE it is
   * always null.
   *
   * @throws NoSuchModelException if there is no such model
   */
  public @Nullable ModelVersion currentIn(String model, Stage stage) {
    ModelVersion current = store.currentIn(Names.checkModel(model), stage).orElse(null);
    if (current == null) {
      requireModel(model);
    }
    return current;
  }

  /**
   * How often stages and aliases of a model were changed: a number that is cheap to ask and grows
   * with every change, for who wants to see changes; 0 if there is no such model.
   */
  public long changeCount(String model) {
    return store.changeCount(Names.checkModel(model));
  }

  /** Prepares a promotion. */
  public Promotion promote(ModelVersion version) {
    return new Promotion(this, version);
  }

  /**
   * Goes back to the version that served before the present one, which is archived. A second
   * rollback goes further back, never forth; so after versions 1, 2, 3 were promoted one after the
   * other, it goes to 2, then to 1, and then there is nothing. If no version is in PRODUCTION, it
   * goes to the one that served last.
   *
   * @param reason why, for the history
   * @return the version that serves now
   * @throws NothingToRollBackToException if no version served before
   * @throws FollowerCannotLoadException if a live follower could not load the version it goes to;
   *     {@link #rollback(String)} can be forced
   * @throws NoSuchModelException if there is no such model
   */
  public ModelVersion rollback(String model, String reason) {
    return rollback(model).because(reason).commit();
  }

  /** Prepares a rollback, for who wants to say more than the reason. */
  public Rollback rollback(String model) {
    return new Rollback(this, Names.checkModel(model));
  }

  /**
   * All changes of a model's stages and aliases, the first one first.
   *
   * @throws NoSuchModelException if there is no such model
   */
  public List<HistoryEntry> history(String model) {
    List<HistoryEntry> entries = store.history(Names.checkModel(model), 0);
    if (entries.isEmpty()) {
      requireModel(model);
    }
    return entries;
  }

  /**
   * The version that was in PRODUCTION at an instant, a change at that very instant included; null
   * if none was. Its stage is that of today.
   *
   * @throws NoSuchModelException if there is no such model
   */
  public @Nullable ModelVersion productionAt(String model, Instant instant) {
    Integer number = ServingHistory.presentAt(history(model), instant);
    return number == null ? null : version(model, number);
  }

  /**
   * Prepares a change of an alias.
   *
   * @param alias a name of the form of a model's name that is not a number
   * @throws InvalidModelNameException if the alias is not of this form
   */
  public AliasAssignment alias(String model, String alias) {
    return new AliasAssignment(this, Names.checkModel(model), Names.checkAlias(alias));
  }

  /**
   * The aliases of a model and the numbers of the versions they point to.
   *
   * @throws NoSuchModelException if there is no such model
   */
  public SortedMap<String, Integer> aliases(String model) {
    SortedMap<String, Integer> aliases = store.aliases(Names.checkModel(model));
    if (aliases.isEmpty()) {
      requireModel(model);
    }
    return aliases;
  }

  /**
   * The version that an alias points to.
   *
   * @throws NoSuchModelException if there is no such model
   * @throws NoSuchAliasException if the model has no such alias
   */
  public ModelVersion aliased(String model, String alias) {
    SortedMap<String, Integer> aliases = aliases(model);
    Integer number = aliases.get(alias);
    if (number == null) {
      throw new NoSuchAliasException(model, alias, aliases);
    }
    return version(model, number);
  }

  /**
   * Reads the package of a version, every file verified.
   *
   * @throws dev.mlops4j.workspace.CorruptArtifactException if a file was altered
   * @throws dev.mlops4j.workspace.NoSuchArtifactException if a file is not there
   * @throws dev.mlops4j.model.CorruptPackageException if it is not a package
   */
  public ModelPackage load(ModelVersion version) {
    return ModelPackage.of(artifacts.readTree(version.packageDigest()));
  }

  /**
   * Begins to follow a stage of a model, which need not have a version yet. To be closed by the
   * caller.
   *
   * @param name what people call the follower, such as the service it is part of
   * @param capabilities which versions it can load
   */
  public Follower follow(String name, String model, Stage stage, Capabilities capabilities) {
    return follow(name, model, Followed.stage(stage), capabilities);
  }

  /**
   * Begins to follow an alias of a model, neither of which needs to be there yet. To be closed by
   * the caller.
   *
   * @param name what people call the follower, such as the service it is part of
   * @param capabilities which versions it can load
   * @throws InvalidModelNameException if the alias cannot be one
   */
  public Follower follow(String name, String model, String alias, Capabilities capabilities) {
    return follow(name, model, Followed.alias(Names.checkAlias(alias)), capabilities);
  }

  private Follower follow(String name, String model, Followed followed, Capabilities capabilities) {
    Names.checkModel(model);
    Names.checkText("a follower's name", name);
    Instant now = clock.instant();
    for (FollowerRecord other : store.followers(model)) {
      if (!other.isLive(now) && other.seenAt().plus(FORGET_FOLLOWERS_AFTER).isBefore(now)) {
        store.removeFollower(other.id());
      }
    }
    FollowerRecord follower =
        new FollowerRecord(
            UUID.randomUUID().toString(),
            name,
            model,
            followed,
            ProcessIdentity.current(),
            capabilities,
            now,
            now,
            null);
    return new Follower(store, clock, follower);
  }

  /** The live followers of a model, in the order in which they began. */
  public List<FollowerRecord> followers(String model) {
    Instant now = clock.instant();
    return store.followers(Names.checkModel(model)).stream().filter(f -> f.isLive(now)).toList();
  }

  /** Refuses a version that a live follower of the stage or alias it comes to cannot load. */
  void requireLoadable(ModelVersion version, Followed to) {
    List<FollowerCannotLoadException.Refusal> refusals =
        followers(version.model()).stream()
            .filter(follower -> follower.followed().equals(to))
            .flatMap(
                follower ->
                    follower.capabilities().whyNot(version).stream()
                        .map(why -> new FollowerCannotLoadException.Refusal(follower, why)))
            .toList();
    if (!refusals.isEmpty()) {
      throw new FollowerCannotLoadException(version, to, refusals);
    }
  }

  ChangeLog changes() {
    return changes;
  }

  static String systemUser() {
    String user = System.getProperty("user.name", "");
    return user.isBlank() ? "unknown" : user;
  }

  private void requireModel(String model) {
    if (store.versions(model).isEmpty()) {
      throw new NoSuchModelException(model, store.models());
    }
  }
}
