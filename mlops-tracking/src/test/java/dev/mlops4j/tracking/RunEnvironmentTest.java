package dev.mlops4j.tracking;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.List;
import java.util.Map;
import java.util.SortedMap;
import java.util.TreeMap;
import org.junit.jupiter.api.Test;

class RunEnvironmentTest {

  @Test
  void theCommandAndTheVariablesAskedForAreThereWithTheirSecretsMasked() {
    TrackingOptions options =
        TrackingOptions.builder()
            .maskNames("iban")
            .variables("OMP_NUM_THREADS", "DB_PASSWORD", "MY_IBAN", "NOT_SET")
            .build();
    SortedMap<String, String> entries =
        RunEnvironment.of(
            new TreeMap<>(Map.of("java", "17")),
            RunEnvironment.masked("app.Main --iban=DE02 --rows=10", List.of(), options.mask()),
            Map.of("OMP_NUM_THREADS", "2", "DB_PASSWORD", "x", "MY_IBAN", "y", "HOME", "/root"),
            options);
    assertThat(entries)
        .containsOnly(
            Map.entry("java", "17"),
            Map.entry("command", "app.Main --iban=*** --rows=10"),
            Map.entry("variable OMP_NUM_THREADS", "2"),
            Map.entry("variable DB_PASSWORD", "***"),
            Map.entry("variable MY_IBAN", "***"));
  }

  @Test
  void anArgumentThatIsASecretIsMaskedWithItsBlanks() {
    CommandMask mask = TrackingOptions.DEFAULT.mask();
    String command = "app.Main --passphrase correct horse battery train flights.csv";
    assertThat(
            RunEnvironment.masked(
                command,
                List.of(
                    "-cp",
                    "x.jar",
                    "app.Main",
                    "--passphrase",
                    "correct horse battery",
                    "train",
                    "flights.csv"),
                mask))
        .isEqualTo("app.Main --passphrase *** train flights.csv");
    // As where the JVM's arguments stand in a file, or the system does not tell them.
    for (List<String> others : List.of(List.of("@arguments"), List.<String>of())) {
      assertThat(RunEnvironment.masked(command, others, mask))
          .isEqualTo("app.Main --passphrase ***");
    }
  }

  @Test
  void noVariableIsThereUnlessItIsAskedFor() {
    assertThat(RunEnvironment.current(TrackingOptions.DEFAULT))
        .allSatisfy((key, value) -> assertThat(key).doesNotStartWith("variable"));
  }

  @Test
  void whatGitSaysHasItsThreeNames() {
    SortedMap<String, String> entries = RunEnvironment.current(TrackingOptions.DEFAULT);
    if (entries.containsKey(RunEnvironment.GIT_COMMIT)) {
      assertThat(entries.get("git.commit")).matches("[0-9a-f]{40,64}");
      assertThat(entries.get("git.dirty")).isIn("true", "false", "unknown");
    } else {
      assertThat(entries).doesNotContainKey("git.dirty");
    }
  }
}
