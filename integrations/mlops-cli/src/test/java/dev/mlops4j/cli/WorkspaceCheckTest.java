package dev.mlops4j.cli;

import static org.assertj.core.api.Assertions.assertThat;

import dev.mlops4j.tracking.Run;
import dev.mlops4j.tracking.Tracking;
import dev.mlops4j.workspace.FileArtifactStore;
import dev.mlops4j.workspace.Workspace;
import java.io.IOException;
import java.io.RandomAccessFile;
import java.nio.file.Files;
import java.nio.file.Path;
import java.sql.Connection;
import java.sql.DriverManager;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.sql.Statement;
import java.time.InstantSource;
import java.util.Arrays;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;

class WorkspaceCheckTest extends CommandLineTest {

  private static final int PAGE = 4096;

  @Test
  void aDamagedPageOfTheMetricsIsAProblem() throws IOException {
    try (Workspace opened = Workspace.open(workspace());
        Run run = Tracking.in(opened).start("delay")) {
      for (int step = 0; step < 50_000; step++) {
        run.metric("loss", step, step);
      }
    }
    assertThat(mlops("workspace", "check")).as(out + err).isZero();
    Path metadata = workspace().resolve("metadata.db");
    byte[] garbage = new byte[PAGE];
    Arrays.fill(garbage, (byte) 0xff);
    try (RandomAccessFile file = new RandomAccessFile(metadata.toFile(), "rw")) {
      file.seek(file.length() / PAGE / 2 * PAGE); // nearly all pages are of points
      file.write(garbage);
    }
    assertThat(mlops("workspace", "check")).isEqualTo(5);
    assertThat(out).contains("metadata.db");
  }

  @Test
  void aDamagedPageThatIsReadIsToldWithAllElse() throws IOException, SQLException {
    try (Workspace opened = Workspace.open(workspace());
        Run run = Tracking.in(opened).start("delay")) {
      run.artifact("notes.md", "x");
    }
    Path metadata = workspace().resolve("metadata.db");
    long page;
    try (Connection connection = DriverManager.getConnection("jdbc:sqlite:" + metadata);
        Statement statement = connection.createStatement();
        ResultSet row =
            statement.executeQuery(
                "SELECT rootpage FROM sqlite_master WHERE name = 'run_artifact'")) {
      page = row.getLong(1);
    }
    byte[] garbage = new byte[PAGE];
    Arrays.fill(garbage, (byte) 0xff);
    try (RandomAccessFile file = new RandomAccessFile(metadata.toFile(), "rw")) {
      file.seek((page - 1) * PAGE);
      file.write(garbage);
    }
    assertThat(mlops("workspace", "check")).as(err).isEqualTo(5);
    assertThat(out).contains("metadata.db").contains("runs: ").contains("problems found");
    assertThat(mlops("workspace", "check", "--json")).isEqualTo(5);
    assertThat(out).contains("\"problems\"").contains("runs: ");
  }

  @Test
  void anArtifactOfADeletedRunIsCheckedUntilItIsPurged() throws IOException {
    try (Workspace opened = Workspace.open(workspace())) {
      Tracking tracking = Tracking.in(opened);
      Run run = tracking.start("delay");
      run.artifact("notes.md", "not to be altered");
      run.close();
      tracking.delete(run.id());
    }
    assertThat(mlops("workspace", "check")).isZero();
    assertThat(out).contains("1 artifacts verified");
    try (Stream<Path> files = Files.walk(workspace().resolve("artifacts"))) {
      for (Path file : files.filter(Files::isRegularFile).toList()) {
        Files.writeString(file, "altered");
      }
    }
    assertThat(mlops("workspace", "check")).isEqualTo(5);
    assertThat(out).contains("notes.md").contains("1 problems found");
    assertThat(mlops("artifacts", "verify")).isEqualTo(5);
  }

  @Test
  void aWorkspaceWhoseArtifactsAreElsewhereIsRefusedWhatNeedsThem() throws IOException {
    Path store = directory.resolve("elsewhere");
    try (Workspace opened =
            Workspace.at(workspace())
                .artifacts(FileArtifactStore.open(store, InstantSource.system()))
                .open();
        Run run = Tracking.in(opened).start("delay")) {
      run.artifact("notes.md", "x");
    }
    for (String[] command :
        new String[][] {
          {"workspace", "check"},
          {"artifacts", "verify"},
          {"artifacts", "gc"},
          {"workspace", "backup", directory.resolve("backup").toString()}
        }) {
      assertThat(mlops(command)).as(String.join(" ", command) + out + err).isEqualTo(4);
      assertThat(err).contains(store.toString()).hasLineCount(1);
    }
    assertThat(importing()).isEqualTo(4);
    assertThat(mlops("runs", "list")).as(err).isZero();
    assertThat(mlops("models", "list")).as(err).isZero();
    assertThat(workspace().resolve("artifacts")).doesNotExist();
  }

  @Test
  void aPasswordInAUrlIsRefusedAndNeverPrinted() {
    Workspace.open(workspace()).close();
    for (String url :
        new String[] {
          "jdbc:postgresql://host/db?user=u&password=hunter2",
          "jdbc:postgresql://u:hunter2@host/db",
          "jdbc:postgresql://host:hunter2/db?Password=hunter2",
          "jdbc:postgresql://host:hunter2x/db"
        }) {
      assertThat(mlops("models", "list", "--database", url, "--stack-trace")).isEqualTo(2);
      assertThat(err).contains("--database takes a URL").doesNotContain("hunter2");
    }
    assertThat(err).doesNotContain("Caused by");
  }
}
