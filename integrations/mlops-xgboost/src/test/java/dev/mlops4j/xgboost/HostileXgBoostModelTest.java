package dev.mlops4j.xgboost;

import static java.nio.charset.StandardCharsets.ISO_8859_1;
import static java.nio.charset.StandardCharsets.US_ASCII;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatCode;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Files that would make XGBoost's native code read memory that is not the model's. */
class HostileXgBoostModelTest {

  private static final int MUTATIONS = 2000;
  private static final byte[] MODEL = model();

  @TempDir private Path directory;

  @Test
  void aModelAsItWasWrittenIsSound() {
    assertThatCode(() -> ModelStructure.check(MODEL, 1)).doesNotThrowAnyException();
  }

  @Test
  void treesThatDoNotHoldTogetherAreRefusedBeforeNativeCodeSeesThem() {
    assertRefused(withElement("left_children", 0, 1_000_000), "a child that is no node");
    assertRefused(withElement("right_children", 0, -2), "a child that is no node");
    assertRefused(withElement("left_children", 0, -1), "a child that is no node");
    assertRefused(withElement("left_children", 0, 0), "a child that is no node");
    assertRefused(withElement("left_children", 0, 2), "a node that two lead to");
    assertRefused(withElement("parents", 1, 5), "a child of another parent");
    assertRefused(withElement("split_indices", 0, 3), "a feature that there is not");
    assertRefused(withElement("split_indices", 0, Integer.MAX_VALUE), "that there is not");
  }

  @Test
  void lengthsBeyondTheEndAndDeepNestingAreRefused() {
    byte[] huge = MODEL.clone();
    ByteBuffer.wrap(huge).putLong(element(huge, "left_children", 0) - Long.BYTES, 1L << 60);
    assertRefused(huge, "a length is 1152921504606846976");
    assertRefused("[".repeat(100_000).getBytes(US_ASCII), "nested deeper than 32");
    assertRefused(new byte[] {'[', '$', 'd', '#', 'L', -1, -1, -1, -1, -1, -1, -1, -1}, "length");
  }

  @Test
  void anyAlteredByteIsAcceptedOrRefusedInWords() {
    int refused = 0;
    for (int i = 0; i < MUTATIONS; i++) {
      try {
        ModelStructure.check(MutatedModels.mutated(MODEL, i), 1);
      } catch (XgBoostException e) {
        refused++;
      }
    }
    assertThat(refused).isBetween(MUTATIONS / 10, MUTATIONS - 1);
  }

  @Test
  @Tag("soak")
  void noAlteredModelEndsTheProcess() throws Exception {
    Path model = Files.write(directory.resolve("model.ubj"), MODEL);
    Path progress = Files.createFile(directory.resolve("progress"));
    List<String> lost = new ArrayList<>();
    for (int next = 0; next < MUTATIONS; ) {
      Process process = child(model, progress, next);
      if (!process.waitFor(5, TimeUnit.MINUTES)) {
        process.destroyForcibly().waitFor();
      }
      List<String> lines = Files.readAllLines(progress);
      String last = lines.get(lines.size() - 1);
      next = Integer.parseInt(last.split(" ", -1)[0]) + 1;
      if (last.endsWith(" ")) {
        List<String> said = Files.readAllLines(directory.resolve("output"));
        lost.add(last + "exit " + process.exitValue() + " " + said);
        Files.writeString(progress, String.join("\n", lines) + "lost\n");
      }
    }
    List<String> lines = Files.readAllLines(progress);
    assertThat(lines).hasSize(MUTATIONS);
    assertThat(lines.stream().filter(line -> line.endsWith(" loaded"))).isNotEmpty();
    assertThat(lost)
        .as("%s loaded", lines.stream().filter(line -> line.endsWith(" loaded")).count())
        .isEmpty();
  }

  private Process child(Path model, Path progress, int from) throws IOException {
    return new ProcessBuilder(
            Path.of(System.getProperty("java.home"), "bin", "java").toString(),
            "-XX:-CreateCoredumpOnCrash",
            "-XX:ErrorFile=" + directory.resolve("error.log"),
            "-Xmx512m",
            "-cp",
            System.getProperty("java.class.path"),
            MutatedModels.class.getName(),
            model.toString(),
            progress.toString(),
            Integer.toString(from),
            Integer.toString(MUTATIONS))
        .directory(directory.toFile())
        .redirectErrorStream(true)
        .redirectOutput(directory.resolve("output").toFile())
        .start();
  }

  private static void assertRefused(byte[] bytes, String problem) {
    assertThatThrownBy(() -> ModelStructure.check(bytes, 1))
        .isInstanceOf(XgBoostException.class)
        .hasMessageContaining(problem);
  }

  /** The model with an element of this array of the first tree changed. */
  private static byte[] withElement(String array, int index, int value) {
    byte[] changed = MODEL.clone();
    ByteBuffer.wrap(changed).putInt(element(changed, array, index), value);
    return changed;
  }

  /** Where an element of an array of 32-bit numbers begins: after name, type, and length. */
  private static int element(byte[] model, String array, int index) {
    int name = new String(model, ISO_8859_1).indexOf(array + "[$l#L");
    assertThat(name).isPositive();
    return name + array.length() + 5 + Long.BYTES + index * Integer.BYTES;
  }

  private static byte[] model() {
    try (XgBoostModel model =
        XgBoost.classifier().trees(3).maxDepth(3).threads(1).train(TestTraining.binary(500, 1))) {
      return model.files().values().iterator().next();
    }
  }
}
