package dev.mlops4j.onnx;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assertions.within;

import dev.mlops4j.model.ModelLoaders;
import dev.mlops4j.model.Signature;
import dev.mlops4j.model.Signature.Input;
import dev.mlops4j.model.Signature.Output;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Random;
import java.util.concurrent.CompletableFuture;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class OnnxModelTest {

  private static final Output BINARY = Output.binary("y");
  private static final Output CLASSES = Output.multiclass("y", List.of("cold", "mild", "warm"));
  private static final Output NUMBER = Output.regression("y");
  private static final List<String> CARRIERS = List.of("AA", "UA", "B6");

  private static Signature signature(Output output, String... names) {
    return new Signature(
        IntStream.range(0, names.length).mapToObj(i -> Input.numeric(names[i])).toList(), output);
  }

  private static Signature four(Output output) {
    return signature(output, "a", "b", "c", "d");
  }

  private static Signature columns() {
    return new Signature(
        List.of(
            Input.categorical("carrier", CARRIERS),
            Input.numeric("hour"),
            Input.numeric("distance")),
        BINARY);
  }

  private static OnnxModel load(String name, Signature signature) {
    return OnnxModel.of(signature, new PythonGraph(name).bytes, OnnxOptions.defaults());
  }

  /** Python's outputs of a binary classifier are the two probabilities. */
  private static void predictsLikePython(String name, Signature signature) {
    PythonGraph python = new PythonGraph(name);
    int width = signature.width();
    int outputs = signature.output().width();
    double[] all = new double[python.rows() * width];
    try (OnnxModel model = load(name, signature)) {
      for (int row = 0; row < python.rows(); row++) {
        double[] vector = python.row(row, CARRIERS);
        System.arraycopy(vector, 0, all, row * width, width);
        double[] expected = python.outputs(row);
        double[] found = model.predict(vector);
        for (int i = 0; i < outputs; i++) {
          double wanted = expected[expected.length - outputs + i];
          assertThat(found[i])
              .as(name)
              .isCloseTo(wanted, within(1e-6 * Math.max(1, Math.abs(wanted))));
        }
      }
      double[] batch = model.predictAll(all, python.rows());
      for (int row = 0; row < python.rows(); row++) {
        assertThat(batch[row * outputs])
            .isCloseTo(model.predict(python.row(row, CARRIERS))[0], within(1e-6));
      }
      assertThat(model.predictAll(new double[0], 0)).isEmpty();
    }
  }

  @Test
  void predictionsAreThoseOfPython() {
    predictsLikePython("binary-zipmap", four(BINARY));
    predictsLikePython("binary-plain", four(BINARY));
    predictsLikePython("classes-zipmap", four(CLASSES));
    predictsLikePython("classes-plain", four(CLASSES));
    predictsLikePython("forest", four(NUMBER));
    predictsLikePython("double", four(NUMBER));
    predictsLikePython("network", four(BINARY));
    predictsLikePython("network-of-one", four(BINARY));
    predictsLikePython("columns", columns());
  }

  @Test
  void everyTypeOfTensorIsFed() {
    predictsLikePython(
        "types", signature(NUMBER, "f32", "f64", "i8", "i16", "i32", "i64", "u8", "b"));
  }

  @Test
  void whatDoesNotFitAWholeNumberIsSaid() {
    Signature types = signature(NUMBER, "f32", "f64", "i8", "i16", "i32", "i64", "u8", "b");
    try (OnnxModel model = load("types", types)) {
      double[] vector = new double[8];
      for (double bad : new double[] {Double.NaN, 0.5, 128, -129, Double.POSITIVE_INFINITY}) {
        vector[2] = bad;
        assertThatThrownBy(() -> model.predict(vector))
            .as("%s", bad)
            .isInstanceOf(IllegalArgumentException.class)
            .hasMessageContaining("\"i8\"")
            .hasMessageContaining("INT8");
      }
      vector[2] = 0;
      vector[7] = 2;
      assertThatThrownBy(() -> model.predict(vector)).hasMessageContaining("\"b\"");
      vector[7] = 0;
      vector[5] = 0x1p63;
      assertThatThrownBy(() -> model.predict(vector)).hasMessageContaining("\"i64\"");
    }
  }

  @Test
  void aMissingOrUnseenCategoryIsEmptyText() {
    try (OnnxModel model = load("columns", columns())) {
      double missing = model.predict(new double[] {Double.NaN, 7, 1})[0];

      assertThat(missing).isCloseTo(new PythonGraph("columns").outputs(3)[1], within(1e-6));
      assertThat(missing).isNotEqualTo(model.predict(new double[] {0, 7, 1})[0]);
    }
  }

  @Test
  void aGraphOfOtherInputsIsRefusedWithAllThatDiffers() {
    assertThatThrownBy(() -> load("columns", signature(BINARY, "carrier", "minute", "distance")))
        .isInstanceOf(OnnxException.class)
        .hasMessageContaining("inputs that the signature has not: [hour]")
        .hasMessageContaining("\"carrier\" is of text")
        .hasMessageContaining("no input \"minute\"");
    assertThatThrownBy(() -> load("forest", signature(NUMBER, "a", "b", "c")))
        .hasMessageContaining("it should be [rows, 3]");
    assertThatThrownBy(() -> load("forest", four(CLASSES)))
        .hasMessageContaining("has 1 numbers for 1 rows");
    assertThatThrownBy(
            () -> load("classes-zipmap", four(Output.multiclass("y", List.of("cold", "hot")))))
        .hasMessageContaining("has the classes");
    assertThatThrownBy(() -> load("classes-zipmap", four(BINARY)))
        .hasMessageContaining("0 and 1, or false and true");
  }

  @Test
  void theOutputMayBeNamed() {
    PythonGraph python = new PythonGraph("binary-plain");
    OnnxOptions named = OnnxOptions.defaults().output("probabilities");
    try (OnnxModel model = OnnxModel.of(four(BINARY), python.bytes, named)) {
      assertThat(model.predict(python.row(0, CARRIERS))[0])
          .isCloseTo(python.outputs(0)[1], within(1e-6));
    }
    assertThatThrownBy(
            () -> OnnxModel.of(four(BINARY), python.bytes, OnnxOptions.defaults().output("p")))
        .hasMessageContaining("no output \"p\"")
        .hasMessageContaining("probabilities");
  }

  @Test
  void anExecutionProviderThatIsNotThereIsSaidWithThoseThatAre() {
    OnnxOptions cuda = OnnxOptions.defaults().configured(options -> options.addCUDA(0));

    assertThatThrownBy(() -> OnnxModel.of(four(NUMBER), new PythonGraph("forest").bytes, cuda))
        .isInstanceOf(OnnxException.class)
        .hasMessageContaining("CPU");
    assertThatThrownBy(() -> OnnxOptions.defaults().threads(0)).hasMessageContaining("threads");
  }

  @ParameterizedTest
  @ValueSource(strings = {"forest", "columns", "network"})
  void aDamagedFileIsRefused(String name) {
    byte[] bytes = new PythonGraph(name).bytes;
    Random random = new Random(7);
    int refused = 0;
    for (int i = 0; i < 200; i++) {
      byte[] damaged = java.util.Arrays.copyOf(bytes, random.nextInt(bytes.length));
      try (OnnxModel model =
          OnnxModel.of(
              name.equals("columns") ? columns() : four(NUMBER), damaged, OnnxOptions.defaults())) {
        assertThat(model.signature()).isNotNull();
      } catch (OnnxException e) {
        refused++;
      }
    }
    assertThat(refused).isGreaterThan(190);
  }

  @Test
  void threadsShareASessionAndClosingWaitsForThem() {
    PythonGraph python = new PythonGraph("columns");
    OnnxModel model = load("columns", columns());
    double expected = model.predict(python.row(1, CARRIERS))[0];
    List<CompletableFuture<Integer>> threads = new ArrayList<>();
    for (int t = 0; t < 4; t++) {
      threads.add(
          CompletableFuture.supplyAsync(
              () -> {
                int predicted = 0;
                try {
                  while (true) {
                    assertThat(model.predict(python.row(1, CARRIERS))).containsExactly(expected);
                    predicted++;
                  }
                } catch (IllegalStateException closed) {
                  return predicted;
                }
              },
              task -> new Thread(task).start()));
    }
    for (int i = 0; i < 200; i++) {
      model.predict(python.row(2, CARRIERS));
    }
    model.close();
    model.close();

    assertThat(threads).allMatch(thread -> thread.join() >= 0);
    assertThatThrownBy(() -> model.predict(python.row(1, CARRIERS)))
        .isInstanceOf(IllegalStateException.class)
        .hasMessageContaining("closed");
  }

  @Test
  void theLoaderIsFound() {
    assertThat(ModelLoaders.discovered().formats()).contains("onnx");
  }

  @Test
  @Tag("soak")
  void nativeMemoryStaysFlatOverAMillionPredictions() throws IOException {
    PythonGraph columns = new PythonGraph("columns");
    PythonGraph classes = new PythonGraph("classes-zipmap");
    try (OnnxModel text = load("columns", columns());
        OnnxModel maps = load("classes-zipmap", four(CLASSES))) {
      // The first half a million touches the heap that the collector keeps in use.
      predict(text, columns, maps, classes, 500_000);
      long before = residentKilobytes();
      predict(text, columns, maps, classes, 1_000_000);
      long after = residentKilobytes();

      System.out.println("resident kB before " + before + ", after " + after);
      assertThat(after - before).isLessThan(32_000);
    }
  }

  private static void predict(
      OnnxModel text, PythonGraph columns, OnnxModel maps, PythonGraph classes, int times) {
    double[] row = columns.row(1, CARRIERS);
    double[] other = classes.row(1, CARRIERS);
    for (int i = 0; i < times / 2; i++) {
      text.predict(row);
      maps.predict(other);
    }
  }

  private static long residentKilobytes() throws IOException {
    System.gc();
    return Files.readAllLines(Path.of("/proc/self/status")).stream()
        .filter(line -> line.startsWith("VmRSS"))
        .mapToLong(line -> Long.parseLong(line.replaceAll("[^0-9]", "")))
        .findFirst()
        .orElseThrow();
  }
}
