package dev.mlops4j.registry;

import dev.mlops4j.Digest;
import dev.mlops4j.feature.FeatureStore;
import dev.mlops4j.feature.FeatureView;
import dev.mlops4j.feature.SetInfo;
import dev.mlops4j.model.Manifest;
import dev.mlops4j.model.ModelPackage;
import dev.mlops4j.model.StoredPackage;
import dev.mlops4j.workspace.Archive;
import dev.mlops4j.workspace.ArchiveException;
import dev.mlops4j.workspace.Area;
import dev.mlops4j.workspace.Artifacts;
import dev.mlops4j.workspace.ProcessIdentity;
import dev.mlops4j.workspace.Workspace;
import java.nio.file.Path;
import java.time.Duration;
import java.time.Instant;
import java.time.InstantSource;
import java.util.List;
import java.util.Set;
import java.util.SortedMap;
import java.util.UUID;
import java.util.stream.Collectors;
import java.util.stream.Stream;
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
  private final @Nullable Workspace workspace;
  private final ActorSource actors;
  private final List<Gate> gates;

  private Registry(
      RegistryStore store,
      Artifacts artifacts,
      InstantSource clock,
      @Nullable Workspace workspace,
      ActorSource actors,
      List<Gate> gates) {
    this.store = store;
    this.artifacts = artifacts;
    this.clock = clock;
    this.changes = new ChangeLog(store, clock);
    this.workspace = workspace;
    this.actors = actors;
    this.gates = List.copyOf(gates);
  }

  /** The registry of a workspace. */
  public static Registry in(Workspace workspace) {
    return new Registry(
        new JdbcRegistryStore(workspace.database(Area.METADATA)),
        workspace.artifacts(),
        workspace.systemClock(),
        workspace,
        ActorSource.SYSTEM_USER,
        List.of());
  }

  /**
   * The registry of a store.
   *
   * @param artifacts where the packages are
   * @param clock gives the times of registrations, changes and signs of life
   */
  public static Registry over(RegistryStore store, Artifacts artifacts, InstantSource clock) {
    return new Registry(store, artifacts, clock, null, ActorSource.SYSTEM_USER, List.of());
  }

  /**
   * The same registry with another answer to who acts, where a change does not state it itself. The
   * operating system's user acts otherwise.
   */
  public Registry actingAs(ActorSource source) {
    return new Registry(store, artifacts, clock, workspace, source, gates);
  }

  /**
   * The same registry with these gates, and no other, before PRODUCTION: a promotion to it through
   * the registry returned is refused unless all are passed. A rollback asks none of them. Other
   * programs promote without them, unless the model {@linkplain #requireGates requires} their
   * names.
   */
  public Registry withGates(Gate... beforeProduction) {
    return new Registry(store, artifacts, clock, workspace, actors, List.of(beforeProduction));
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

  /** The models that have or had a version, by name. */
  public List<String> models() {
    return store.models();
  }

  /**
   * What people say of a model.
   *
   * @throws NoSuchModelException if there is no such model
   */
  public ModelInfo model(String model) {
    return store
        .info(Names.checkModel(model))
        .orElseThrow(() -> new NoSuchModelException(model, store.models()));
  }

  /** Prepares a change of what people say of a model: description, owner, tags. */
  public ModelDescription describe(String model) {
    return new ModelDescription(store, Names.checkModel(model));
  }

  /**
   * The versions of a model that are not deleted, by number.
   *
   * @throws NoSuchModelException if there is no such model
   */
  public List<ModelVersion> versions(String model) {
    List<ModelVersion> versions = store.versions(Names.checkModel(model));
    if (versions.isEmpty()) {
      requireModel(model);
    }
    return versions;
  }

  /**
   * The versions of all models that were trained on a feature set that looks up this version of a
   * view, by model and number: what a change of the view is about.
   *
   * @param features what knows the sets
   */
  public List<ModelVersion> versionsUsing(FeatureStore features, FeatureView view) {
    Set<Digest> sets =
        features.setsUsing(view).stream().map(SetInfo::fingerprint).collect(Collectors.toSet());
    return versions(sets);
  }

  /**
   * The versions of all models that were trained on a feature set of this fingerprint, by model and
   * number: what a change of the set is about.
   */
  public List<ModelVersion> versionsUsing(Digest featureFingerprint) {
    return versions(Set.of(featureFingerprint));
  }

  private List<ModelVersion> versions(Set<Digest> featureFingerprints) {
    return models().stream()
        .flatMap(model -> versions(model).stream())
        .filter(
            version ->
                version.featureFingerprint() != null
                    && featureFingerprints.contains(version.featureFingerprint()))
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
   * All that is known of a version: its package's manifest and sizes, read without the model, and
   * what was recorded at its registration.
   *
   * @throws dev.mlops4j.workspace.CorruptArtifactException if the manifest was altered
   * @throws dev.mlops4j.workspace.NoSuchArtifactException if it is not there
   * @throws dev.mlops4j.model.CorruptPackageException if it is not a package
   */
  public VersionDetails details(ModelVersion version) {
    Digest tree = version.packageDigest();
    Origin origin = store.origin(version.model(), version.number()).orElse(Origin.UNKNOWN);
    return new VersionDetails(
        version,
        Manifest.read(artifacts.readFile(tree, Manifest.PATH)),
        origin.facts(),
        origin.importedFrom(),
        artifacts.sizes(tree));
  }

  /**
   * What changed from one version to another, of one model or two; see {@link VersionComparison}.
   *
   * @throws dev.mlops4j.MlopsException as {@link #details}
   */
  public VersionComparison explain(ModelVersion before, ModelVersion after) {
    return VersionComparison.of(details(before), details(after));
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

  /**
   * What serves now: the version in PRODUCTION, and what the live followers say they have loaded.
   *
   * @throws NoSuchModelException if there is no such model
   */
  public ServingState serving(String model) {
    return ServingState.of(store, production(model), model, followers(model));
  }

  /**
   * Watches a stage of a model, which need not have a version yet, every {@link
   * StageWatch#DEFAULT_INTERVAL}. To be closed by the caller; closed with the workspace at the
   * latest.
   *
   * @param listener is told what changes after this call
   */
  public StageWatch watch(String model, Stage stage, StageListener listener) {
    return watch(model, stage, StageWatch.DEFAULT_INTERVAL, listener);
  }

  /**
   * Watches a stage of a model at an interval, within which it sees changes that any process makes;
   * see {@link #watch(String, Stage, StageListener)}.
   *
   * @throws IllegalArgumentException if the interval is not positive, or the stage is NONE, which
   *     has no current version
   */
  public StageWatch watch(String model, Stage stage, Duration interval, StageListener listener) {
    return StageWatch.open(store, workspace, Names.checkModel(model), stage, interval, listener);
  }

  /**
   * Writes versions with their packages, and what people say of their models, to one archive file,
   * to be taken to another workspace by {@link #importFrom}. Stages, required gates, aliases and
   * the history stay here. The same versions give the same bytes. The file is seen whole, or not at
   * all.
   *
   * @param versions at least one, each once
   * @throws ArchiveException if there is something at {@code file} already, it cannot be written,
   *     or there is no version or one twice
   * @throws dev.mlops4j.workspace.CorruptArtifactException if a package was altered
   */
  public void exportTo(Path file, List<ModelVersion> versions) {
    List<VersionDetails> details = versions.stream().map(this::details).toList();
    List<ModelInfo> models =
        versions.stream()
            .map(ModelVersion::model)
            .distinct()
            .map(this::model)
            .filter(info -> !info.equals(ModelInfo.of(info.model())))
            .toList();
    ArchiveExport.write(
        file, workspace == null ? null : workspace.id(), details, models, artifacts);
  }

  /**
   * Registers the versions of an archive with their packages, all or none, in stage NONE with the
   * next numbers of their models; those that are here already, the same package from the same run,
   * are meant as they are. Description, owner and tags of a model come along where it has none
   * here; nothing that is said here is replaced. Everything in the archive is verified before
   * anything is kept, in constant memory.
   *
   * @return the versions as they are here, in the archive's order
   * @throws ArchiveException if the file is no archive, is damaged, has entries it should not have,
   *     or unpacks to more than {@link Archive#DEFAULT_MAX_BYTES}; nothing is registered
   */
  public List<ModelVersion> importFrom(Path file) {
    return importFrom(file, Archive.DEFAULT_MAX_BYTES);
  }

  /**
   * As {@link #importFrom(Path)} with another limit.
   *
   * @param maxBytes how many bytes the files of the archive may have together when unpacked, one
   *     that several packages share counted once; and how many a package may have by itself, a file
   *     counted as often as it is in it
   */
  public List<ModelVersion> importFrom(Path file, long maxBytes) {
    ArchiveReader.Contents contents = ArchiveReader.read(file, maxBytes, artifacts);
    List<ModelVersion> versions = store.register(contents.registrations(), clock.instant());
    contents.models().forEach(info -> ModelDescription.fill(store, info));
    return versions;
  }

  /** Prepares the deletion of a version. */
  public Deletion delete(ModelVersion version) {
    return new Deletion(this, version);
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
   *     {@link #rollback(String)} can be forced, and can say which version it expects to serve
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
   * Prepares a change of which gates a promotion of a model to PRODUCTION must ask, by whatever
   * program it is made. One that lacks some is refused with a {@link GatesFailedException} that
   * lists all of these with those that failed, unless it is overridden with a reason. Only names
   * are kept, and a gate is known by its name alone: what it asks is said by who promotes. A
   * rollback asks no gate.
   *
   * @param gates the names of all that are required, such as {@code golden rows}, each of one line;
   *     none to require none any more
   * @throws IllegalArgumentException if a name is blank, of several lines or more than 10,000
   *     characters
   */
  public RequiredGates requireGates(String model, String... gates) {
    return new RequiredGates(
        this, Names.checkModel(model), Stream.of(gates).map(Names::checkGate).toList());
  }

  /**
   * The names of the gates that a promotion of a model to PRODUCTION must ask, in the order of
   * their characters; see {@link #requireGates}.
   *
   * @throws NoSuchModelException if there is no such model
   */
  public List<String> requiredGates(String model) {
    return GateRequirement.after(history(model));
  }

  /**
   * All changes of a model's stages, aliases and required gates, and deletions of its versions, the
   * first one first.
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
   * if none was. Its stage is that of today, or of its deletion.
   *
   * @throws NoSuchModelException if there is no such model
   */
  public @Nullable ModelVersion productionAt(String model, Instant instant) {
    Integer number = ServingHistory.presentAt(history(model), instant);
    return number == null
        ? null
        : store.deletedVersion(model, number).orElseGet(() -> version(model, number));
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

  /** Which live followers of the stage or alias it comes to cannot load a version, and why. */
  List<FollowerCannotLoadException.Refusal> refusals(ModelVersion version, Followed to) {
    return followers(version.model()).stream()
        .filter(follower -> follower.followed().equals(to))
        .flatMap(
            follower ->
                follower.capabilities().whyNot(version).stream()
                    .map(why -> new FollowerCannotLoadException.Refusal(follower, why)))
        .toList();
  }

  /** Refuses a version that a live follower of the stage or alias it comes to cannot load. */
  void requireLoadable(ModelVersion version, Followed to) {
    List<FollowerCannotLoadException.Refusal> refusals = refusals(version, to);
    if (!refusals.isEmpty()) {
      throw new FollowerCannotLoadException(version, to, refusals);
    }
  }

  /** The gates before a stage. */
  List<Gate> gatesOf(Stage stage) {
    return stage == Stage.PRODUCTION ? gates : List.of();
  }

  ChangeLog changes() {
    return changes;
  }

  /** Who acts: whoever was stated, or the one the source says. */
  String actor(@Nullable String stated) {
    return stated == null ? Names.checkText("who acts", actors.actor()) : stated;
  }

  private void requireModel(String model) {
    if (store.info(model).isEmpty()) {
      throw new NoSuchModelException(model, store.models());
    }
  }
}
