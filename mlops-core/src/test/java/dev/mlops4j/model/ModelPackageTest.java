package dev.mlops4j.model;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.mlops4j.Digest;
import java.io.IOException;
import java.nio.charset.Charset;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.SortedMap;
import java.util.TreeMap;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class ModelPackageTest {

  private static final TestTraining TRAINING = TestTraining.binary(20, 1);
  private static final ModelPackage PACKAGE =
      new TestModel(TRAINING.signature(), 0.001).packaged(TRAINING);

  @TempDir Path temporary;

  @Test
  void holdsWhatTheTrainingDataSays() {
    Manifest manifest = PACKAGE.manifest();
    assertThat(manifest.formatVersion()).isEqualTo(1);
    assertThat(manifest.format()).isEqualTo("test");
    assertThat(manifest.signature()).isEqualTo(TRAINING.signature());
    assertThat(manifest.featureSet()).isEqualTo("flight_delay");
    assertThat(manifest.featureFingerprint()).isEqualTo(TRAINING.featureFingerprint());
    assertThat(manifest.datasets()).isEqualTo(TRAINING.datasets());
    assertThat(manifest.runId()).isNull();
    assertThat(manifest.environment()).isEqualTo(Environment.current());
    assertThat(PACKAGE.goldenRows()).hasSize(5);
    assertThat(PACKAGE.goldenRows().get(0).output()).containsExactly(0.001 * TRAINING.vector(0)[0]);
    assertThat(PACKAGE.referenceProfile().overall().column("prediction").count()).isEqualTo(20);
    assertThat(PACKAGE.files())
        .containsOnlyKeys("golden.json", "manifest.json", "profile", TestModel.FILE);
  }

  @Test
  void comesBackTheSameFromItsFilesAndFromADirectory() {
    Path directory = temporary.resolve("deep/package");
    PACKAGE.writeTo(directory);
    for (ModelPackage same :
        List.of(ModelPackage.of(PACKAGE.files()), ModelPackage.read(directory))) {
      assertThat(same.manifest()).isEqualTo(PACKAGE.manifest());
      assertThat(same.goldenRows()).isEqualTo(PACKAGE.goldenRows());
      assertThat(same.digest()).isEqualTo(PACKAGE.digest());
      assertThat(same.referenceProfile()).isEqualTo(PACKAGE.referenceProfile());
    }
    assertThat(Manifest.read(PACKAGE.file(Manifest.PATH))).isEqualTo(PACKAGE.manifest());
  }

  @Test
  void hasTheSameDigestWhenMadeAgain() {
    assertThat(new TestModel(TRAINING.signature(), 0.001).packaged(TRAINING).digest())
        .isEqualTo(PACKAGE.digest());
  }

  @Test
  void keepsEverythingButTheLineageFromARun() {
    ModelPackage ofRun = PACKAGE.fromRun("run-7");
    assertThat(ofRun.manifest().runId()).isEqualTo("run-7");
    assertThat(ofRun.digest()).isNotEqualTo(PACKAGE.digest());
    assertThat(ofRun.goldenRows()).isEqualTo(PACKAGE.goldenRows());
    assertThat(ModelPackage.of(ofRun.files()).manifest()).isEqualTo(ofRun.manifest());
  }

  @Test
  void refusesAModelOfOtherData() {
    Signature other =
        new Signature(TRAINING.signature().inputs(), Signature.Output.binary("early"));
    assertThatThrownBy(() -> new TestModel(other, 1).packaged(TRAINING))
        .isInstanceOf(IllegalArgumentException.class)
        .hasMessageContaining("the model was not trained on this data");
  }

  @Test
  void refusesAnAlteredFile() {
    byte[] altered = PACKAGE.file(TestModel.FILE).clone();
    altered[0] ^= 1;
    assertCorrupt(
        with(TestModel.FILE, altered),
        "file \"weights/factor.txt\" of the model package was altered: its digest should be");
  }

  @Test
  void refusesATruncatedFile() {
    byte[] profile = PACKAGE.file("profile");
    assertCorrupt(
        with("profile", Arrays.copyOf(profile, profile.length - 1)),
        "file \"profile\" of the model package should have "
            + profile.length
            + " bytes, found "
            + (profile.length - 1));
  }

  @Test
  void refusesAnAbsentFile() {
    SortedMap<String, byte[]> files = new TreeMap<>(PACKAGE.files());
    files.remove(TestModel.FILE);
    assertCorrupt(files, "should have a file \"weights/factor.txt\", found only golden.json");
    assertCorrupt(new TreeMap<>(), "should have a file \"manifest.json\", found no files");
  }

  @Test
  void refusesAFileThatTheManifestDoesNotList() {
    assertCorrupt(
        with("extra.bin", new byte[] {1}),
        "has a file \"extra.bin\" that its manifest does not list; remove it");
  }

  @Test
  void refusesAnotherFormatVersion() {
    assertCorrupt(
        withManifest("\"formatVersion\" : 1", "\"formatVersion\" : 2"),
        "has format version 2, this library reads version 1; use the library that wrote");
  }

  @Test
  void refusesPathsOutOfThePackage() {
    for (String path :
        List.of(
            "../evil", "/etc/evil", "a/../../evil", "C:/evil", "a\\\\evil", "a//b", ".", "a/.")) {
      assertCorrupt(
          withManifest("weights/factor.txt", path), "which is not a path within a package");
    }
  }

  @Test
  void refusesAManifestThatIsNone() {
    assertCorrupt(withManifestText("{"), "manifest.json of the model package is not JSON");
    assertCorrupt(withManifestText("[]"), "should have an object, found a JSON ARRAY");
    assertCorrupt(withManifestText("{}"), "should have an integer at \"formatVersion\"");
    assertCorrupt(withManifest("\"BINARY\"", "\"TERNARY\""), "one of [BINARY, MULTICLASS");
    assertCorrupt(withManifest("\"BINARY\"", "\"MULTICLASS\""), "contradicts itself");
    assertCorrupt(
        withManifest("\"format\" : \"test\"", "\"format\" : \"a\", \"format\" : \"b\""),
        "Duplicate field");
  }

  @Test
  void refusesAManifestInAnotherFormOfBytes() {
    String text = new String(PACKAGE.file(Manifest.PATH), StandardCharsets.UTF_8);
    assertCorrupt(withManifestText("\ufeff" + text), "begins with a byte order mark");
    for (Charset other :
        List.of(StandardCharsets.UTF_16, StandardCharsets.UTF_16BE, StandardCharsets.UTF_16LE)) {
      assertCorrupt(
          with(Manifest.PATH, text.getBytes(other)),
          "manifest.json of the model package is not JSON");
    }
    assertCorrupt(
        with(
            Manifest.PATH, text.replace("test", "t\u00e9st").getBytes(StandardCharsets.ISO_8859_1)),
        "manifest.json of the model package is not JSON");
  }

  @Test
  void survivesAnyAlteredByteOfTheManifest() {
    byte[] manifest = PACKAGE.file(Manifest.PATH);
    for (int i = 0; i < Math.min(manifest.length, 3000); i++) {
      byte[] altered = manifest.clone();
      altered[i] ^= 4;
      try {
        ModelPackage.of(with(Manifest.PATH, altered));
      } catch (CorruptPackageException expected) {
        assertThat(expected).hasMessageContaining("model package");
      }
    }
  }

  @Test
  void refusesADirectoryThatWasTamperedWith() throws IOException {
    Path directory = temporary.resolve("package");
    assertThatThrownBy(() -> ModelPackage.read(directory))
        .isInstanceOf(CorruptPackageException.class)
        .hasMessageContaining("no model package at " + directory);
    PACKAGE.writeTo(directory);
    Path extra = Files.writeString(directory.resolve("extra"), "x");
    assertThatThrownBy(() -> ModelPackage.read(directory))
        .isInstanceOf(CorruptPackageException.class)
        .hasMessageContaining("\"extra\"");
    Files.delete(extra);
    Path outside = temporary.resolve("outside");
    Files.write(outside, PACKAGE.file("profile"));
    Files.delete(directory.resolve("profile"));
    Files.createSymbolicLink(directory.resolve("profile"), outside);
    assertThatThrownBy(() -> ModelPackage.read(directory))
        .isInstanceOf(CorruptPackageException.class)
        .hasMessageContaining("is a link or a device");
  }

  @Test
  void isDurableUnderItsNameWhenItIsWritten() {
    Path directory = temporary.resolve("package");
    List<String> forced = new ArrayList<>();
    PackageDirectory.write(
        directory,
        PACKAGE.files(),
        inside -> forced.add(inside.equals(temporary) + " " + Files.exists(directory)));
    assertThat(forced).last().isEqualTo("true true");
    assertThat(forced).hasSizeGreaterThan(1).first().isEqualTo("false false");
  }

  @Test
  void neverOverwritesADirectory() throws IOException {
    Path directory = Files.createDirectory(temporary.resolve("taken"));
    PACKAGE.writeTo(directory);
    assertThatThrownBy(() -> PACKAGE.writeTo(directory))
        .isInstanceOf(PackageWriteException.class)
        .hasMessageContaining("there is something already")
        .hasMessageContaining("give a directory that is empty");
    Path file = Files.writeString(temporary.resolve("file"), "x");
    assertThatThrownBy(() -> PACKAGE.writeTo(file.resolve("below")))
        .isInstanceOf(PackageWriteException.class)
        .hasMessageContaining("check the space left and the permissions there");
    try (Stream<Path> left = Files.list(temporary)) {
      assertThat(left.map(path -> path.getFileName().toString()))
          .containsExactlyInAnyOrder("taken", "file");
    }
  }

  @Test
  void readsTheManifestOfVersionOneForever() throws IOException {
    try (var in = ModelPackageTest.class.getResourceAsStream("/model/manifest-1.json")) {
      Manifest manifest = Manifest.read(in.readAllBytes());
      assertThat(manifest.format()).isEqualTo("xgboost-ubj");
      assertThat(manifest.signature().names()).containsExactly("distance", "carrier");
      assertThat(manifest.signature().inputs().get(1).categories()).containsExactly("AA", "UA");
      assertThat(manifest.signature().output()).isEqualTo(Signature.Output.binary("late"));
      assertThat(manifest.featureSet()).isEqualTo("flight_delay");
      assertThat(manifest.featureFingerprint()).isEqualTo(Digest.of("a"));
      assertThat(manifest.datasets())
          .containsExactly(new DatasetReference("flights", "training", Digest.of("b"), 166158));
      assertThat(manifest.runId()).isEqualTo("run-1");
      assertThat(manifest.environment())
          .isEqualTo(
              new Environment(
                  "0.1.0",
                  "17.0.15 Debian",
                  "Linux 6.1",
                  "amd64",
                  2,
                  "America/New_York",
                  "en-US",
                  null,
                  List.of(
                      new Environment.ClassPathEntry("mlops-core.jar", Digest.of("c")),
                      new Environment.ClassPathEntry("app/target/classes", null))));
    }
  }

  private static void assertCorrupt(SortedMap<String, byte[]> files, String message) {
    assertThatThrownBy(() -> ModelPackage.of(files))
        .isInstanceOf(CorruptPackageException.class)
        .hasMessageContaining(message);
  }

  private static SortedMap<String, byte[]> with(String path, byte[] bytes) {
    SortedMap<String, byte[]> files = new TreeMap<>(PACKAGE.files());
    files.put(path, bytes);
    return files;
  }

  private static SortedMap<String, byte[]> withManifest(String from, String to) {
    String text = new String(PACKAGE.file(Manifest.PATH), StandardCharsets.UTF_8);
    assertThat(text).contains(from);
    return withManifestText(text.replace(from, to));
  }

  private static SortedMap<String, byte[]> withManifestText(String text) {
    return with(Manifest.PATH, text.getBytes(StandardCharsets.UTF_8));
  }
}
