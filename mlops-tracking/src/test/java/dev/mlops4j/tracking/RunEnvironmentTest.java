package dev.mlops4j.tracking;

import static org.assertj.core.api.Assertions.assertThat;

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
            "app.Main --iban=DE02 --rows=10",
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
