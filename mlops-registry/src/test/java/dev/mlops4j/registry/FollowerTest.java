package dev.mlops4j.registry;

import static dev.mlops4j.registry.Fixture.FEATURES;
import static dev.mlops4j.registry.Fixture.MODEL;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.mlops4j.Digest;
import dev.mlops4j.workspace.Area;
import dev.mlops4j.workspace.ProcessIdentity;
import java.nio.file.Path;
import java.time.Duration;
import java.time.Instant;
import java.util.Set;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class FollowerTest {

  private static final Duration MOMENT = Duration.ofMillis(1);
  private static final Capabilities OLD_FEATURES = Capabilities.ofFeatures(Set.of(FEATURES));

  @TempDir Path directory;
  private Fixture fixture;
  private Registry registry;
  private ModelVersion first;
  private ModelVersion newFeatures;

  @BeforeEach
  void open() {
    fixture = new Fixture(directory);
    registry = fixture.registry;
    first = fixture.version(10);
    newFeatures =
        registry.register(MODEL, fixture.stored(11, "xgboost-ubj", Digest.of("new features")));
  }

  @AfterEach
  void close() {
    fixture.close();
  }

  @Test
  void itSeesWhatIsInItsStage() {
    try (Follower follower = follow(Stage.PRODUCTION, OLD_FEATURES)) {
      assertThat(follower.poll()).isNull();
      fixture.promote(first);
      assertThat(follower.poll()).isEqualTo(registry.production(MODEL));
    }
  }

  @Test
  void itMayFollowAModelThatHasNoVersionYet() {
    try (Follower follower =
        registry.follow("checkout", "later", Stage.PRODUCTION, Capabilities.ANY)) {
      assertThat(follower.poll()).isNull();
    }
  }

  @Test
  void theRegistryKnowsWhatItIsCanLoadAndHasLoaded() {
    try (Follower follower = follow(Stage.PRODUCTION, OLD_FEATURES)) {
      follower.loaded(first);
      FollowerRecord record = registry.followers(MODEL).get(0);
      assertThat(record).isEqualTo(follower.follower());
      assertThat(record.name()).isEqualTo("checkout");
      assertThat(record.process()).isEqualTo(ProcessIdentity.current());
      assertThat(record.capabilities()).isEqualTo(OLD_FEATURES);
      assertThat(record.loaded()).isEqualTo(1);
      follower.loaded(null);
      assertThat(registry.followers(MODEL).get(0).loaded()).isNull();
    }
    assertThat(registry.followers(MODEL)).isEmpty();
  }

  @Test
  void aPromotionThatALiveFollowerCouldNotLoadIsRefusedWithItsNameAndReason() {
    try (Follower follower = follow(Stage.PRODUCTION, OLD_FEATURES)) {
      assertThatThrownBy(() -> fixture.promote(newFeatures))
          .isInstanceOf(FollowerCannotLoadException.class)
          .hasMessageContaining("flight-delay version 2 cannot go to stage PRODUCTION")
          .hasMessageContaining("follower \"checkout\" (process ")
          .hasMessageContaining("no feature set with the fingerprint " + fp(newFeatures))
          .hasMessageContaining("only [" + FEATURES.shortHex() + "]")
          .hasMessageContaining("or force() it");
      assertThat(fixture.inProduction()).isNull();
      assertThat(registry.changeCount(MODEL)).isZero();
      fixture.promote(first);
    }
  }

  @Test
  void aFormatThatAFollowerHasNoLoaderForIsRefused() {
    try (Follower follower =
        follow(Stage.PRODUCTION, new Capabilities(null, Set.of("tribuo-protobuf")))) {
      assertThatThrownBy(() -> fixture.promote(first))
          .isInstanceOf(FollowerCannotLoadException.class)
          .hasMessageContaining(
              "it has no loader for format \"xgboost-ubj\", only for [tribuo-protobuf]");
    }
  }

  @Test
  void aRollbackThatALiveFollowerCouldNotLoadIsRefusedUnlessForced() {
    fixture.promote(first);
    fixture.promote(newFeatures);
    Capabilities onlyNew = Capabilities.ofFeatures(Set.of(Digest.of("new features")));
    try (Follower follower = follow(Stage.PRODUCTION, onlyNew)) {
      assertThatThrownBy(() -> registry.rollback(MODEL, "worse"))
          .isInstanceOfSatisfying(
              FollowerCannotLoadException.class,
              e -> assertThat(e.followers()).containsExactly("checkout"));
      assertThat(fixture.inProduction()).isEqualTo(2);

      registry.rollback(MODEL).because("worse, and checkout is down anyway").force().commit();
      assertThat(fixture.inProduction()).isEqualTo(1);
    }
  }

  @Test
  void aForcedPromotionIsDone() {
    try (Follower follower = follow(Stage.PRODUCTION, OLD_FEATURES)) {
      registry
          .promote(newFeatures)
          .to(Stage.PRODUCTION)
          .expecting(null)
          .because("now")
          .force()
          .commit();
      assertThat(fixture.inProduction()).isEqualTo(2);
    }
  }

  @Test
  void aFollowerOfAnotherStageOrModelDoesNotStandInTheWay() {
    try (Follower staging = follow(Stage.STAGING, OLD_FEATURES);
        Follower other = registry.follow("checkout", "other", Stage.PRODUCTION, OLD_FEATURES)) {
      fixture.promote(newFeatures);
      assertThat(fixture.inProduction()).isEqualTo(2);
    }
  }

  @Test
  void aFollowerThatDoesNotPollAnyMoreDoesNotStandInTheWay() {
    try (Follower follower = follow(Stage.PRODUCTION, OLD_FEATURES)) {
      fixture.clock.advance(Follower.LIVE_FOR);
      assertThat(registry.followers(MODEL)).hasSize(1);
      assertThatThrownBy(() -> fixture.promote(newFeatures))
          .isInstanceOf(FollowerCannotLoadException.class);
      fixture.clock.advance(MOMENT);
      assertThat(registry.followers(MODEL)).isEmpty();
      fixture.promote(newFeatures);
    }
  }

  @Test
  void aFollowerWhoseProcessHasEndedDoesNotStandInTheWay() {
    ProcessIdentity here = ProcessIdentity.current();
    ProcessIdentity gone =
        new ProcessIdentity(here.host(), here.space(), here.pid(), here.started() + "0");
    Instant now = fixture.clock.instant();
    new JdbcRegistryStore(fixture.workspace.database(Area.METADATA))
        .putFollower(
            new FollowerRecord(
                "f1",
                "dead",
                MODEL,
                Followed.stage(Stage.PRODUCTION),
                gone,
                OLD_FEATURES,
                now,
                now,
                null));
    fixture.promote(newFeatures);
    assertThat(fixture.inProduction()).isEqualTo(2);
  }

  @Test
  void anAliasIsFollowedThroughItsChanges() {
    try (Follower follower = registry.follow("checkout", MODEL, "champion", Capabilities.ANY)) {
      assertThat(follower.poll()).isNull();
      alias(first).commit();
      assertThat(follower.poll()).isEqualTo(first);
      alias(newFeatures).commit();
      assertThat(follower.poll()).isEqualTo(newFeatures);
      registry.alias(MODEL, "champion").toNothing().expectingAnything().because("a test").commit();
      assertThat(follower.poll()).isNull();
      assertThat(registry.followers(MODEL).get(0).followed())
          .isEqualTo(Followed.alias("champion"))
          .hasToString("alias \"champion\"");
    }
  }

  @Test
  void anAliasIsNotGivenToAVersionThatItsFollowerCannotLoad() {
    try (Follower follower = registry.follow("checkout", MODEL, "champion", OLD_FEATURES)) {
      alias(first).commit();

      assertThatThrownBy(() -> alias(newFeatures).commit())
          .isInstanceOf(FollowerCannotLoadException.class)
          .hasMessageContaining("cannot go to alias \"champion\"")
          .hasMessageContaining("checkout");
      assertThat(follower.poll()).isEqualTo(first);
      registry
          .alias(MODEL, "challenger")
          .to(newFeatures)
          .expecting(null)
          .because("nobody follows it")
          .commit();
      fixture.promote(newFeatures);
      alias(newFeatures).force().commit();
      assertThat(follower.poll()).isNotNull().extracting(ModelVersion::number).isEqualTo(2);
    }
  }

  private AliasAssignment alias(ModelVersion version) {
    return registry.alias(MODEL, "champion").to(version).expectingAnything().because("a test");
  }

  @Test
  void pollingKeepsItLive() {
    try (Follower follower = follow(Stage.PRODUCTION, OLD_FEATURES)) {
      for (int i = 0; i < 10; i++) {
        fixture.clock.advance(Follower.HEARTBEAT_INTERVAL);
        follower.poll();
      }
      assertThat(registry.followers(MODEL).get(0).seenAt()).isEqualTo(fixture.clock.instant());
    }
  }

  @Test
  void aClosedFollowerIsNotAsked() {
    Follower follower = follow(Stage.PRODUCTION, Capabilities.ANY);
    follower.close();
    follower.close();
    assertThatThrownBy(follower::poll)
        .isInstanceOf(IllegalStateException.class)
        .hasMessageContaining("follower \"checkout\" is closed");
  }

  private Follower follow(Stage stage, Capabilities capabilities) {
    return registry.follow("checkout", MODEL, stage, capabilities);
  }

  private static String fp(ModelVersion version) {
    return version.featureFingerprint().shortHex();
  }
}
