package dev.mlops4j.registry;

import static dev.mlops4j.registry.Fixture.MODEL;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.mlops4j.MlopsException;
import dev.mlops4j.storage.StorageException;
import dev.mlops4j.workspace.Area;
import dev.mlops4j.workspace.Workspace;
import java.lang.reflect.InvocationTargetException;
import java.lang.reflect.Proxy;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.LinkedBlockingQueue;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class StageWatchTest {

  /** So long that a test looks by itself. */
  private static final Duration NEVER = Duration.ofDays(1);

  @TempDir Path directory;
  private Fixture fixture;
  private Registry registry;
  private final List<StageMove> moves = new ArrayList<>();

  @BeforeEach
  void open() {
    fixture = new Fixture(directory);
    registry = fixture.registry;
    for (int i = 1; i <= 3; i++) {
      fixture.version(i);
    }
  }

  @AfterEach
  void close() {
    fixture.close();
  }

  @Test
  void itSeesWhatAnotherProcessChanges() throws InterruptedException {
    LinkedBlockingQueue<StageMove> seen = new LinkedBlockingQueue<>();
    try (StageWatch watch =
            registry.watch(MODEL, Stage.PRODUCTION, Duration.ofMillis(5), seen::add);
        Workspace other = Workspace.open(directory)) {
      Registry others = Registry.in(other);
      others
          .promote(others.version(MODEL, 1))
          .to(Stage.PRODUCTION)
          .expecting(null)
          .because("from elsewhere")
          .by("ann")
          .commit();
      StageMove move = seen.poll(60, TimeUnit.SECONDS);
      assertThat(move).isNotNull();
      assertThat(move.from()).isNull();
      assertThat(move.to()).isEqualTo(registry.production(MODEL));
      assertThat(move.entries()).extracting(HistoryEntry::by).containsExactly("ann");
      assertThat(watch).isNotNull();
    }
  }

  @Test
  void changesBetweenTwoLooksAreOneMoveWithAllTheirEntries() {
    fixture.promote(registry.version(MODEL, 1));
    try (StageWatch watch = registry.watch(MODEL, Stage.PRODUCTION, NEVER, moves::add)) {
      watch.look();
      assertThat(moves).isEmpty();
      fixture.promote(registry.version(MODEL, 2));
      fixture.promote(registry.version(MODEL, 3));
      watch.look();
      watch.look();
      assertThat(moves).hasSize(1);
      assertThat(moves.get(0).from().number()).isEqualTo(1);
      assertThat(moves.get(0).to().number()).isEqualTo(3);
      assertThat(moves.get(0).entries()).isEqualTo(registry.history(MODEL).subList(1, 5));
      registry.promote(registry.version(MODEL, 3)).to(Stage.ARCHIVED).because("x").commit();
      watch.look();
      assertThat(moves.get(1).to()).isNull();
    }
  }

  @Test
  void changesOfOtherStagesAreNotTold() {
    fixture.promote(registry.version(MODEL, 1));
    try (StageWatch watch = registry.watch(MODEL, Stage.PRODUCTION, NEVER, moves::add)) {
      registry.promote(registry.version(MODEL, 2)).to(Stage.STAGING).because("x").commit();
      registry.promote(registry.version(MODEL, 2)).to(Stage.ARCHIVED).because("x").commit();
      watch.look();
      assertThat(moves).isEmpty();
    }
  }

  @Test
  void aPromotionThatWasRolledBackBetweenTwoLooksIsTold() {
    fixture.promote(registry.version(MODEL, 1));
    try (StageWatch watch = registry.watch(MODEL, Stage.PRODUCTION, NEVER, moves::add)) {
      fixture.promote(registry.version(MODEL, 3));
      registry.rollback(MODEL, "worse");
      watch.look();
      watch.look();
      assertThat(moves).hasSize(1);
      assertThat(moves.get(0).from().number()).isEqualTo(1);
      assertThat(moves.get(0).to().number()).isEqualTo(1);
      assertThat(moves.get(0).entries()).isEqualTo(registry.history(MODEL).subList(1, 5));
    }
  }

  @Test
  void anErrorOfAListenerEndsNothing() throws InterruptedException {
    LinkedBlockingQueue<StageMove> seen = new LinkedBlockingQueue<>();
    StageListener listener =
        move -> {
          seen.add(move);
          throw new StackOverflowError();
        };
    try (StageWatch watch =
        registry.watch(MODEL, Stage.PRODUCTION, Duration.ofMillis(5), listener)) {
      fixture.promote(registry.version(MODEL, 1));
      assertThat(seen.poll(60, TimeUnit.SECONDS)).isNotNull();
      fixture.promote(registry.version(MODEL, 2));
      assertThat(seen.poll(60, TimeUnit.SECONDS)).isNotNull();
      assertThat(watch).isNotNull();
    }
  }

  @Test
  void aModelNeedNotBeThereYet() {
    try (StageWatch watch = registry.watch("later", Stage.PRODUCTION, NEVER, moves::add)) {
      watch.look();
      ModelVersion version = registry.register("later", fixture.stored(9, "onnx", null));
      fixture.promote(version);
      watch.look();
      assertThat(moves).hasSize(1);
    }
  }

  @Test
  void aListenerThatThrowsAndARegistryThatIsDownEndNothing() {
    List<MlopsException> failures = new ArrayList<>();
    boolean[] down = {false};
    RegistryStore real = new JdbcRegistryStore(fixture.workspace.database(Area.METADATA));
    RegistryStore flaky =
        (RegistryStore)
            Proxy.newProxyInstance(
                RegistryStore.class.getClassLoader(),
                new Class<?>[] {RegistryStore.class},
                (proxy, method, arguments) -> {
                  if (down[0]) {
                    throw new StorageException("the database is down", null);
                  }
                  try {
                    return method.invoke(real, arguments);
                  } catch (InvocationTargetException e) {
                    throw e.getCause();
                  }
                });
    Registry over =
        Registry.over(flaky, fixture.workspace.artifacts(), fixture.workspace.systemClock());
    StageListener listener =
        new StageListener() {
          @Override
          public void changed(StageMove move) {
            moves.add(move);
            throw new IllegalStateException("a listener's mistake");
          }

          @Override
          public void failed(MlopsException failure) {
            failures.add(failure);
            throw new IllegalStateException("another");
          }
        };
    try (StageWatch watch = over.watch(MODEL, Stage.PRODUCTION, NEVER, listener)) {
      fixture.promote(registry.version(MODEL, 1));
      down[0] = true;
      watch.look();
      assertThat(failures).hasSize(1);
      assertThat(moves).isEmpty();
      down[0] = false;
      watch.look();
      fixture.promote(registry.version(MODEL, 2));
      watch.look();
      assertThat(moves).hasSize(2);
    }
  }

  @Test
  void theStageNoneAndIntervalsThatAreNoneAreRefused() {
    assertThatThrownBy(() -> registry.watch(MODEL, Stage.NONE, moves::add))
        .isInstanceOf(IllegalArgumentException.class)
        .hasMessageContaining("NONE");
    assertThatThrownBy(() -> registry.watch(MODEL, Stage.PRODUCTION, Duration.ZERO, moves::add))
        .isInstanceOf(IllegalArgumentException.class)
        .hasMessageContaining("PT0S");
  }
}
