package dev.mlops4j.model;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.function.Function;
import org.junit.jupiter.api.Test;

class ModelLoadersTest {

  private static final TestTraining TRAINING = TestTraining.binary(20, 1);
  private static final ModelPackage PACKAGE =
      new TestModel(TRAINING.signature(), 0.001).packaged(TRAINING);

  private final List<TestModel> loaded = new ArrayList<>();

  @Test
  void loadsWithTheFirstThatCan() {
    ModelLoader cannot = loader("one", Optional.of("reads onnx only"), 0, TestModel::of);
    ModelLoader can = loader("two", Optional.empty(), 0, TestModel::of);
    ModelLoaders loaders = ModelLoaders.of(cannot, can);
    assertThat(loaders.formats()).containsExactlyInAnyOrder("format of one", "format of two");
    try (Model model = loaders.load(PACKAGE)) {
      assertThat(model.predict(TRAINING.vector(0))).isEqualTo(PACKAGE.goldenRows().get(0).output());
      assertThat(loaded).hasSize(1);
    }
  }

  @Test
  void listsTheReasonOfEveryLoaderThatCannot() {
    ModelLoaders loaders =
        ModelLoaders.of(
            loader("b", Optional.of("reads onnx only"), 0, TestModel::of),
            loader("a", Optional.of("reads trees only"), 0, TestModel::of));
    assertThatThrownBy(() -> loaders.load(PACKAGE))
        .isInstanceOfSatisfying(
            NoModelLoaderException.class,
            e -> {
              assertThat(e.format()).isEqualTo("test");
              assertThat(e.reasons()).containsOnlyKeys("a", "b");
            })
        .hasMessageContaining("format \"test\" (a: reads trees only; b: reads onnx only)")
        .hasMessageContaining("add the module that reads this format");
    assertThatThrownBy(() -> ModelLoaders.of().load(PACKAGE))
        .isInstanceOf(NoModelLoaderException.class)
        .hasMessageContaining("there is no loader on the class path");
  }

  @Test
  void refusesTwoLoadersOfOneName() {
    ModelLoader loader = loader("same", Optional.empty(), 0, TestModel::of);
    assertThatThrownBy(() -> ModelLoaders.of(loader, loader))
        .isInstanceOf(DuplicateModelLoaderException.class)
        .hasMessageContaining("two model loaders are named \"same\"")
        .hasMessageContaining("choose with ModelLoaders.of");
  }

  @Test
  void refusesAndClosesAModelThatPredictsOtherwise() {
    ModelLoader loader =
        loader("off", Optional.empty(), 1e-6, p -> new TestModel(TRAINING.signature(), 0.0011));
    assertThatThrownBy(() -> ModelLoaders.of(loader).load(PACKAGE))
        .isInstanceOfSatisfying(
            GoldenRowMismatchException.class,
            e -> {
              assertThat(e.row()).isZero();
              assertThat(e.loader()).isEqualTo("off");
              assertThat(e.expected()).isEqualTo(0.001 * TRAINING.vector(0)[0]);
              assertThat(e.found()).isEqualTo(0.0011 * TRAINING.vector(0)[0]);
            })
        .hasMessageContaining("of golden row 0 where training predicted")
        .hasMessageContaining("tolerance 1.0E-6");
    assertThat(loaded).singleElement().matches(TestModel::isClosed);
  }

  @Test
  void acceptsADifferenceWithinTheTolerance() {
    Function<ModelPackage, TestModel> nearly =
        p -> new TestModel(TRAINING.signature(), 0.001 * (1 + 1e-9));
    ModelLoaders.of(loader("near", Optional.empty(), 1e-6, nearly)).load(PACKAGE).close();
    assertThatThrownBy(
            () -> ModelLoaders.of(loader("exact", Optional.empty(), 0, nearly)).load(PACKAGE))
        .isInstanceOf(GoldenRowMismatchException.class);
  }

  @Test
  void refusesAModelOfAnotherSignature() {
    Signature other =
        new Signature(TRAINING.signature().inputs(), Signature.Output.binary("early"));
    ModelLoader loader = loader("odd", Optional.empty(), 0, p -> new TestModel(other, 0.001));
    assertThatThrownBy(() -> ModelLoaders.of(loader).load(PACKAGE))
        .isInstanceOf(ModelLoadException.class)
        .hasMessageContaining("the loader is at fault");
    assertThat(loaded).singleElement().matches(TestModel::isClosed);
  }

  private ModelLoader loader(
      String name,
      Optional<String> whyNot,
      double tolerance,
      Function<ModelPackage, TestModel> load) {
    return new ModelLoader() {
      @Override
      public String name() {
        return name;
      }

      @Override
      public boolean isNative() {
        return false;
      }

      @Override
      public Set<String> formats() {
        return Set.of("format of " + name);
      }

      @Override
      public Optional<String> whyNot(Manifest manifest) {
        return whyNot;
      }

      @Override
      public Model load(ModelPackage modelPackage) {
        TestModel model = load.apply(modelPackage);
        loaded.add(model);
        return model;
      }

      @Override
      public double tolerance() {
        return tolerance;
      }
    };
  }
}
