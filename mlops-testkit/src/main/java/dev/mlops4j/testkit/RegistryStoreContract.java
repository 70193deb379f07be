package dev.mlops4j.testkit;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.mlops4j.Digest;
import dev.mlops4j.data.ColumnType;
import dev.mlops4j.data.Schema;
import dev.mlops4j.model.DatasetReference;
import dev.mlops4j.model.Environment;
import dev.mlops4j.model.Manifest;
import dev.mlops4j.model.RunFacts;
import dev.mlops4j.model.Signature;
import dev.mlops4j.model.StoredPackage;
import dev.mlops4j.registry.AliasChange;
import dev.mlops4j.registry.Capabilities;
import dev.mlops4j.registry.Followed;
import dev.mlops4j.registry.FollowerRecord;
import dev.mlops4j.registry.GateRequirement;
import dev.mlops4j.registry.HistoryEntry;
import dev.mlops4j.registry.ModelInfo;
import dev.mlops4j.registry.ModelVersion;
import dev.mlops4j.registry.Origin;
import dev.mlops4j.registry.Registration;
import dev.mlops4j.registry.RegistryStore;
import dev.mlops4j.registry.Stage;
import dev.mlops4j.registry.StageChange;
import dev.mlops4j.registry.VersionDeletion;
import dev.mlops4j.workspace.ProcessIdentity;
import java.io.IOException;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.SortedMap;
import java.util.TreeMap;
import java.util.concurrent.CompletableFuture;
import java.util.stream.IntStream;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Nested;
import org.junit.jupiter.api.Test;

/**
 * What every {@link RegistryStore} must do. The author of a backend extends it and says how a store
 * is opened.
 */
public abstract class RegistryStoreContract {

  private static final Instant AT = Instant.parse("2026-01-01T00:00:00.123456Z");
  private static final String MODEL = "flight-delay";
  private static final int THREADS = 8;

  private RegistryStore store;

  /** A kit for one kind of store. */
  protected RegistryStoreContract() {}

  /**
   * Opens the store of this test. The first call in a test gives an empty one; a later call opens
   * the same store anew, as another process does or this one after a restart, while those opened
   * before may still be in use.
   *
   * @throws IOException if it cannot be opened
   */
  protected abstract RegistryStore openStore() throws IOException;

  @BeforeEach
  void openEmptyStore() throws IOException {
    store = openStore();
  }

  /** Registering and finding versions. */
  @Nested
  class Versions {

    @Test
    void anUnknownModelHasNothing() {
      assertThat(store.models()).isEmpty();
      assertThat(store.versions(MODEL)).isEmpty();
      assertThat(store.version(MODEL, 1)).isEmpty();
      assertThat(store.currentIn(MODEL, Stage.PRODUCTION)).isEmpty();
      assertThat(store.changeCount(MODEL)).isZero();
      assertThat(store.history(MODEL, 0)).isEmpty();
      assertThat(store.aliases(MODEL)).isEmpty();
      assertThat(store.followers(MODEL)).isEmpty();
      assertThat(store.info(MODEL)).isEmpty();
      assertThat(store.origin(MODEL, 1)).isEmpty();
      assertThat(store.deletedVersion(MODEL, 1)).isEmpty();
    }

    @Test
    void whatWasKnownAtRegistrationIsKeptAsItWas() {
      RunFacts facts =
          new RunFacts(
              Map.of(
                  "depth",
                  "6",
                  "note",
                  "line\n\u001b[31m 'quoted' Größe \uD83D\uDE00",
                  "empty",
                  ""),
              Map.of(
                  "auc", 0.1 + 0.2, "nan", Double.NaN, "low", Double.NEGATIVE_INFINITY, "z", -0.0),
              List.of(
                  new DatasetReference(
                      "z",
                      "training",
                      Digest.of("z"),
                      1L << 40,
                      Schema.builder()
                          .required("Größe \u0000", ColumnType.floats(3))
                          .sensitive("Größe \u0000")
                          .build(),
                      "SQL SELECT 'x'\n FROM y"),
                  new DatasetReference("a", "test", Digest.of("a"), 0)));
      StoredPackage stored = stored("a", null, "run-1");
      StoredPackage known = new StoredPackage(stored.digest(), stored.manifest(), facts);
      store.register(List.of(new Registration(MODEL, known, "x version 3")), AT);
      assertThat(store.origin(MODEL, 1)).contains(new Origin(facts, "x version 3"));
      store.register(MODEL, stored, AT);
      assertThat(store.origin(MODEL, 1)).contains(new Origin(facts, "x version 3"));
      store.register(MODEL, stored("b", null, null), AT);
      assertThat(store.origin(MODEL, 2)).contains(Origin.UNKNOWN);
      assertThat(store.origin(MODEL, 3)).isEmpty();
      assertThat(store.origin(MODEL, 0)).isEmpty();
    }

    @Test
    void severalAreRegisteredInTheirOrderAllOrNone() {
      Registration first = new Registration("b", stored("a", null, null), null);
      Registration second = new Registration("b", stored("b", null, null), null);
      Registration other = new Registration("a", stored("a", null, null), null);
      assertThat(store.register(List.of(second, other, first, second), AT))
          .extracting(ModelVersion::label)
          .containsExactly("b version 1", "a version 1", "b version 2", "b version 1");
      TreeMap<String, @Nullable String> params = new TreeMap<>();
      params.put("depth", null);
      StoredPackage wrong = stored("c", null, null);
      @SuppressWarnings({
        "unchecked",
        "rawtypes"
      }) // no caller may do it, and so nothing is to be kept
      RunFacts facts = new RunFacts((SortedMap) params, new TreeMap<>(), List.of());
      Registration impossible =
          new Registration("c", new StoredPackage(wrong.digest(), wrong.manifest(), facts), null);
      assertThatThrownBy(
              () ->
                  store.register(
                      List.of(new Registration("b", stored("d", null, null), null), impossible),
                      AT))
          .isInstanceOf(RuntimeException.class);
      assertThat(store.versions("b")).hasSize(2);
      assertThat(store.models()).containsExactly("a", "b");
    }

    @Test
    void registrationsOfSeveralModelsAtTheSameTimeDoNotWaitForEachOther() throws IOException {
      together(
          (own, thread) -> {
            List<Registration> both =
                new ArrayList<>(
                    List.of(
                        new Registration("a", stored("p" + thread, null, null), null),
                        new Registration("b", stored("p" + thread, null, null), null)));
            if (thread % 2 == 0) {
              Collections.reverse(both);
            }
            return own.register(both, AT);
          });
      assertThat(store.versions("a")).hasSize(THREADS);
      assertThat(store.versions("b")).hasSize(THREADS);
    }

    @Test
    void aVersionHasWhatThePackageSaysAndStageNone() {
      StoredPackage stored = stored("a", Digest.of("features"), "run-1");
      ModelVersion version = store.register(MODEL, stored, AT);
      assertThat(version)
          .isEqualTo(
              new ModelVersion(
                  MODEL,
                  1,
                  Stage.NONE,
                  stored.digest(),
                  "onnx",
                  "flight_delay",
                  Digest.of("features"),
                  "run-1",
                  AT));
      assertThat(store.version(MODEL, 1)).contains(version);
    }

    @Test
    void numbersGoUpFromOneInEveryModel() {
      ModelVersion first = store.register("b", stored("a", null, null), AT);
      ModelVersion second = store.register("b", stored("b", null, null), AT);
      ModelVersion other = store.register("a", stored("a", null, null), AT);
      assertThat(first.number()).isEqualTo(1);
      assertThat(other.number()).isEqualTo(1);
      assertThat(store.versions("b")).containsExactly(first, second);
      assertThat(store.models()).containsExactly("a", "b");
    }

    @Test
    void theSamePackageFromTheSameRunIsOneVersionAndFromAnotherRunASecond() {
      ModelVersion first = store.register(MODEL, stored("a", null, "run-1"), AT);
      assertThat(store.register(MODEL, stored("a", null, "run-1"), AT.plusSeconds(1)))
          .isEqualTo(first);
      assertThat(store.register(MODEL, stored("a", null, "run-2"), AT).number()).isEqualTo(2);
      assertThat(store.register(MODEL, stored("a", null, null), AT).number()).isEqualTo(3);
      assertThat(store.register(MODEL, stored("a", null, null), AT).number()).isEqualTo(3);
    }

    @Test
    void registrationsAtTheSameTimeGetNumbersOfTheirOwn() throws IOException {
      List<Integer> numbers =
          together(
              (own, thread) -> own.register(MODEL, stored("p" + thread, null, null), AT).number());
      assertThat(numbers)
          .containsExactlyInAnyOrderElementsOf(IntStream.rangeClosed(1, THREADS).boxed().toList());
    }

    @Test
    void theSameRegistrationAtTheSameTimeIsOneVersion() throws IOException {
      assertThat(
              together((own, thread) -> own.register(MODEL, stored("p", null, "r"), AT).number()))
          .containsOnly(1);
      assertThat(store.versions(MODEL)).hasSize(1);
    }
  }

  /** What people say of a model. */
  @Nested
  class Info {

    @BeforeEach
    void register() {
      store.register(MODEL, stored("a", null, null), AT);
      store.register("other", stored("a", null, null), AT);
    }

    @Test
    void atFirstNothingIsSaid() {
      assertThat(store.info(MODEL)).contains(ModelInfo.of(MODEL));
    }

    @Test
    void itIsReplacedIfItIsWhatWasExpected() throws IOException {
      ModelInfo first =
          new ModelInfo(
              MODEL, "what\n\tit is for 'q'", "ann", new TreeMap<>(Map.of("a", "1", "b", "")));
      ModelInfo second = new ModelInfo(MODEL, "", "bob", new TreeMap<>(Map.of("b", "2")));
      assertThat(store.describe(ModelInfo.of(MODEL), first)).isTrue();
      assertThat(store.info(MODEL)).contains(first);
      assertThat(store.describe(ModelInfo.of(MODEL), second)).isFalse();
      assertThat(openStore().info(MODEL)).contains(first);
      assertThat(store.describe(first, second)).isTrue();
      assertThat(openStore().info(MODEL)).contains(second);
      assertThat(store.info("other")).contains(ModelInfo.of("other"));
      assertThat(store.changeCount(MODEL)).isZero();
    }

    @Test
    void ofChangesAtTheSameTimeOnTheSameStateExactlyOneHappens() throws IOException {
      assertThat(
              together(
                  (own, thread) ->
                      own.describe(
                          ModelInfo.of(MODEL),
                          new ModelInfo(MODEL, "by " + thread, "", new TreeMap<>()))))
          .containsOnlyOnce(true);
    }
  }

  /** The history, and the stages and aliases that follow from it. */
  @Nested
  class History {

    @BeforeEach
    void register() {
      store.register(MODEL, stored("a", null, null), AT);
      store.register(MODEL, stored("b", null, null), AT);
      store.register("other", stored("a", null, null), AT);
    }

    @Test
    void entriesAreKeptAsTheyAreAndCounted() {
      List<HistoryEntry> entries =
          List.of(
              move(1, 1, Stage.NONE, Stage.PRODUCTION),
              new AliasChange(MODEL, 2, "best", null, 2, AT, "ann", "why 'not' Größe"),
              new StageChange(
                  MODEL,
                  3,
                  1,
                  Stage.PRODUCTION,
                  Stage.ARCHIVED,
                  StageChange.Cause.ROLLBACK,
                  AT.plusSeconds(1),
                  "bob",
                  "because"),
              new AliasChange(MODEL, 4, "best", 2, null, AT.plusSeconds(2), "ann", "gone"));
      assertThat(store.append(MODEL, 0, entries)).isTrue();
      assertThat(store.changeCount(MODEL)).isEqualTo(4);
      assertThat(store.history(MODEL, 0)).isEqualTo(entries);
      assertThat(store.history(MODEL, 2)).isEqualTo(entries.subList(2, 4));
      assertThat(store.history(MODEL, 4)).isEmpty();
      assertThat(store.history("other", 0)).isEmpty();
      assertThat(store.changeCount("other")).isZero();
    }

    @Test
    void stagesFollowTheEntries() {
      store.append(MODEL, 0, List.of(move(1, 1, Stage.NONE, Stage.PRODUCTION)));
      store.append(
          MODEL,
          1,
          List.of(
              move(2, 1, Stage.PRODUCTION, Stage.ARCHIVED),
              move(3, 2, Stage.NONE, Stage.PRODUCTION)));
      assertThat(store.versions(MODEL))
          .extracting(ModelVersion::stage)
          .containsExactly(Stage.ARCHIVED, Stage.PRODUCTION);
      assertThat(current(Stage.PRODUCTION)).isEqualTo(2);
      assertThat(current(Stage.ARCHIVED)).isEqualTo(1);
      assertThat(current(Stage.STAGING)).isZero();
      assertThat(store.currentIn("other", Stage.PRODUCTION)).isEmpty();
    }

    @Test
    void theCurrentOneOfAStageIsTheOneThatCameLastAndOfNoneThereIsNone() {
      store.append(MODEL, 0, List.of(move(1, 2, Stage.NONE, Stage.STAGING)));
      store.append(MODEL, 1, List.of(move(2, 1, Stage.NONE, Stage.STAGING)));
      assertThat(current(Stage.STAGING)).isEqualTo(1);
      store.append(MODEL, 2, List.of(move(3, 1, Stage.STAGING, Stage.NONE)));
      assertThat(current(Stage.STAGING)).isEqualTo(2);
      assertThat(current(Stage.NONE)).isZero();
    }

    @Test
    void aliasesFollowTheEntries() {
      store.append(
          MODEL,
          0,
          List.of(
              new AliasChange(MODEL, 1, "best", null, 1, AT, "ann", "x"),
              new AliasChange(MODEL, 2, "new", null, 2, AT, "ann", "x"),
              new AliasChange(MODEL, 3, "best", 1, 2, AT, "ann", "x")));
      assertThat(store.aliases(MODEL)).isEqualTo(Map.of("best", 2, "new", 2));
      store.append(MODEL, 3, List.of(new AliasChange(MODEL, 4, "new", 2, null, AT, "ann", "x")));
      assertThat(store.aliases(MODEL)).isEqualTo(Map.of("best", 2));
      assertThat(store.aliases("other")).isEmpty();
    }

    @Test
    void entriesDecidedOnAnotherCountChangeNothing() {
      List<HistoryEntry> first = List.of(move(1, 1, Stage.NONE, Stage.PRODUCTION));
      assertThat(store.append(MODEL, 0, first)).isTrue();
      assertThat(store.append(MODEL, 0, List.of(move(1, 2, Stage.NONE, Stage.PRODUCTION))))
          .isFalse();
      assertThat(store.append(MODEL, 2, List.of(move(3, 2, Stage.NONE, Stage.PRODUCTION))))
          .isFalse();
      assertThat(store.history(MODEL, 0)).isEqualTo(first);
      assertThat(current(Stage.PRODUCTION)).isEqualTo(1);
    }

    @Test
    void ofAppendsAtTheSameTimeOnTheSameCountExactlyOneHappens() throws IOException {
      for (long round = 0; round < 5; round++) {
        long count = round;
        List<Boolean> won =
            together(
                (own, thread) ->
                    own.append(
                        MODEL,
                        count,
                        List.of(
                            new AliasChange(
                                MODEL, count + 1, "a" + thread, null, 1, AT, "x", "x"))));
        assertThat(won).containsOnlyOnce(true);
        assertThat(store.changeCount(MODEL)).isEqualTo(count + 1);
      }
    }

    @Test
    void whatWasOverriddenIsKept() {
      StageChange change =
          new StageChange(
              MODEL,
              1,
              1,
              Stage.NONE,
              Stage.PRODUCTION,
              StageChange.Cause.PROMOTION,
              AT,
              "ann",
              "because",
              List.of("size: asked for 1, found 2", "reason of the override: 'Größe'"),
              List.of("size", "'Größe'", "size", ""));
      store.append(MODEL, 0, List.of(change));
      assertThat(store.history(MODEL, 0)).containsExactly(change);
    }

    @Test
    void whichGatesWereAskedIsKeptAlsoThatNoneWas() {
      List<HistoryEntry> entries =
          List.of(
              promotion(1, List.of()), promotion(2, List.of("")), promotion(3, List.of("a", "b")));
      store.append(MODEL, 0, entries);
      store.append(MODEL, 3, List.of(move(4, 1, Stage.PRODUCTION, Stage.ARCHIVED)));
      assertThat(store.history(MODEL, 0).subList(0, 3)).isEqualTo(entries);
      assertThat(((StageChange) store.history(MODEL, 3).get(0)).gates()).isNull();
    }

    @Test
    void whatPromotionsMustAskIsInTheHistoryAndChangesNothingElse() throws IOException {
      store.append(MODEL, 0, List.of(move(1, 1, Stage.NONE, Stage.PRODUCTION)));
      List<HistoryEntry> entries =
          List.of(
              new GateRequirement(MODEL, 2, List.of("size", "'Größe'"), AT, "ann", "why\nthat"),
              new GateRequirement(MODEL, 3, List.of(), AT.plusSeconds(1), "bob", "no more"));
      List<ModelVersion> versions = store.versions(MODEL);
      assertThat(store.append(MODEL, 1, entries)).isTrue();
      RegistryStore other = openStore();
      assertThat(other.history(MODEL, 1)).isEqualTo(entries);
      assertThat(other.changeCount(MODEL)).isEqualTo(3);
      assertThat(other.versions(MODEL)).isEqualTo(versions);
      assertThat(current(Stage.PRODUCTION)).isEqualTo(1);
    }

    private StageChange promotion(long sequence, List<String> gates) {
      return new StageChange(
          MODEL,
          sequence,
          1,
          Stage.NONE,
          Stage.PRODUCTION,
          StageChange.Cause.PROMOTION,
          AT,
          "ann",
          "because",
          List.of(),
          gates);
    }

    @Test
    void aDeletedVersionIsOutOfEverythingButTheHistory() throws IOException {
      store.append(MODEL, 0, List.of(move(1, 2, Stage.NONE, Stage.STAGING)));
      ModelVersion version = store.version(MODEL, 2).orElseThrow();
      VersionDeletion deletion =
          new VersionDeletion(MODEL, 2, 2, Stage.STAGING, AT.plusSeconds(1), "ann", "why");
      assertThat(store.append(MODEL, 1, List.of(deletion))).isTrue();
      RegistryStore other = openStore();
      assertThat(other.version(MODEL, 2)).isEmpty();
      assertThat(other.versions(MODEL)).extracting(ModelVersion::number).containsExactly(1);
      assertThat(other.currentIn(MODEL, Stage.STAGING)).isEmpty();
      assertThat(other.deletedVersion(MODEL, 2)).contains(version);
      assertThat(other.deletedVersion(MODEL, 1)).isEmpty();
      assertThat(other.history(MODEL, 1)).containsExactly(deletion);
      assertThat(other.changeCount(MODEL)).isEqualTo(2);
      assertThat(other.origin(MODEL, 2)).isPresent();
    }

    @Test
    void theNumberOfADeletedVersionIsNotGivenAgain() {
      store.append(
          MODEL, 0, List.of(new VersionDeletion(MODEL, 1, 2, Stage.NONE, AT, "ann", "why")));
      assertThat(store.register(MODEL, stored("b", null, null), AT).number()).isEqualTo(3);
      store.append(
          MODEL,
          1,
          List.of(
              new VersionDeletion(MODEL, 2, 1, Stage.NONE, AT, "ann", "why"),
              new VersionDeletion(MODEL, 3, 3, Stage.NONE, AT, "ann", "why")));
      assertThat(store.versions(MODEL)).isEmpty();
      assertThat(store.models()).contains(MODEL);
      assertThat(store.register(MODEL, stored("b", null, null), AT).number()).isEqualTo(4);
    }

    private int current(Stage stage) {
      return store.currentIn(MODEL, stage).map(ModelVersion::number).orElse(0);
    }
  }

  /** Those who follow a stage. */
  @Nested
  class Followers {

    @Test
    void followersComeBackAsTheyWerePutByTheTimeTheyStarted() {
      FollowerRecord any = follower("f2", AT.plusSeconds(1), Capabilities.ANY, 3);
      FollowerRecord some =
          follower(
              "f1",
              AT,
              new Capabilities(Set.of(Digest.of("a"), Digest.of("b")), Set.of("onnx")),
              null);
      FollowerRecord none =
          follower("f3", AT.plusSeconds(2), new Capabilities(Set.of(), Set.of()), null);
      store.putFollower(any);
      store.putFollower(none);
      store.putFollower(some);
      assertThat(store.followers(MODEL)).containsExactly(some, any, none);
      assertThat(store.followers("other")).isEmpty();
    }

    @Test
    void aFollowerPutAgainReplacesTheFirst() {
      store.putFollower(follower("f1", AT, Capabilities.ofFeatures(Set.of(Digest.of("a"))), null));
      FollowerRecord now = follower("f1", AT, Capabilities.ofFeatures(Set.of(Digest.of("b"))), 2);
      store.putFollower(now);
      assertThat(store.followers(MODEL)).containsExactly(now);
    }

    @Test
    void aFollowerOfAnAliasComesBackAsOne() {
      FollowerRecord ofStage = follower("f1", AT, Capabilities.ANY, null);
      FollowerRecord ofAlias =
          new FollowerRecord(
              ofStage.id(),
              ofStage.name(),
              MODEL,
              Followed.alias("champion"),
              ofStage.process(),
              ofStage.capabilities(),
              AT,
              AT,
              2);
      store.putFollower(ofAlias);
      assertThat(store.followers(MODEL)).containsExactly(ofAlias);
      store.putFollower(ofStage);
      assertThat(store.followers(MODEL)).containsExactly(ofStage);
    }

    @Test
    void aFollowerThatIsRemovedIsGoneAndRemovingItAgainIsFine() {
      store.putFollower(follower("f1", AT, Capabilities.ANY, null));
      store.removeFollower("f1");
      store.removeFollower("f1");
      assertThat(store.followers(MODEL)).isEmpty();
    }

    private FollowerRecord follower(
        String id, Instant startedAt, Capabilities capabilities, @Nullable Integer loaded) {
      return new FollowerRecord(
          id,
          "checkout",
          MODEL,
          Followed.stage(Stage.PRODUCTION),
          ProcessIdentity.current(),
          capabilities,
          startedAt,
          startedAt.plusSeconds(9),
          loaded);
    }
  }

  /** What others see. */
  @Nested
  class Reopened {

    @Test
    void anotherInstanceSeesEveryCallThatHasReturned() throws IOException {
      store.register(MODEL, stored("a", null, null), AT);
      store.append(MODEL, 0, List.of(move(1, 1, Stage.NONE, Stage.PRODUCTION)));
      RegistryStore other = openStore();
      assertThat(other.versions(MODEL)).isEqualTo(store.versions(MODEL));
      assertThat(other.history(MODEL, 0)).isEqualTo(store.history(MODEL, 0));
      other.append(MODEL, 1, List.of(move(2, 1, Stage.PRODUCTION, Stage.ARCHIVED)));
      assertThat(store.changeCount(MODEL)).isEqualTo(2);
      assertThat(store.currentIn(MODEL, Stage.PRODUCTION)).isEmpty();
    }
  }

  private <R> List<R> together(Work<R> work) throws IOException {
    List<CompletableFuture<R>> results = new ArrayList<>();
    for (int i = 0; i < THREADS; i++) {
      RegistryStore own = i % 2 == 0 ? store : openStore();
      int thread = i;
      results.add(
          CompletableFuture.supplyAsync(
              () -> work.run(own, thread), task -> new Thread(task).start()));
    }
    return results.stream().map(CompletableFuture::join).toList();
  }

  private static StageChange move(long sequence, int version, Stage from, Stage to) {
    return new StageChange(
        MODEL, sequence, version, from, to, StageChange.Cause.PROMOTION, AT, "ann", "because");
  }

  private static StoredPackage stored(
      String content, @Nullable Digest features, @Nullable String runId) {
    Signature signature =
        new Signature(List.of(Signature.Input.numeric("wind")), Signature.Output.binary("late"));
    Manifest manifest =
        new Manifest(
            Manifest.FORMAT_VERSION,
            "onnx",
            signature,
            "flight_delay",
            features,
            List.of(),
            runId,
            Environment.current());
    return new StoredPackage(Digest.of(content), manifest);
  }

  /** What a thread does with its store. */
  @FunctionalInterface
  private interface Work<R> {
    R run(RegistryStore own, int thread);
  }
}
