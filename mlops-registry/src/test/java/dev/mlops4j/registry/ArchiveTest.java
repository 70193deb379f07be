package dev.mlops4j.registry;

import static dev.mlops4j.registry.Fixture.MODEL;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.mlops4j.Digest;
import dev.mlops4j.model.RunFacts;
import dev.mlops4j.workspace.Archive;
import dev.mlops4j.workspace.ArchiveException;
import dev.mlops4j.workspace.Artifacts;
import java.io.IOException;
import java.io.InputStream;
import java.io.OutputStream;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Random;
import java.util.SortedMap;
import java.util.TreeMap;
import java.util.stream.Stream;
import java.util.zip.ZipEntry;
import java.util.zip.ZipFile;
import java.util.zip.ZipOutputStream;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class ArchiveTest {

  private static final RunFacts FACTS =
      new RunFacts(
          Map.of("depth", "6"),
          Map.of("auc", 0.75, "nan", Double.NaN, "inf", Double.POSITIVE_INFINITY),
          List.of(Trained.YEAR_LOGGED));

  @TempDir Path directory;
  private Fixture from;
  private Fixture to;
  private Path archive;

  @BeforeEach
  void open() {
    from = new Fixture(directory.resolve("from"));
    to = new Fixture(directory.resolve("to"));
    archive = directory.resolve("versions.zip");
  }

  @AfterEach
  void close() {
    from.close();
    to.close();
  }

  @Test
  void versionsComeWithTheirPackagesAndWhatIsKnownOfThem() {
    to.registry.register(MODEL, to.stored(7, "onnx", null));
    ModelVersion first = version(1);
    ModelVersion second = version(2);
    from.promote(second);
    from.registry.exportTo(archive, List.of(second, first));
    List<ModelVersion> imported = to.registry.importFrom(archive);
    assertThat(imported).extracting(ModelVersion::number).containsExactly(2, 3);
    assertThat(imported).extracting(ModelVersion::stage).containsOnly(Stage.NONE);
    VersionDetails details = to.registry.details(imported.get(0));
    assertThat(details.facts()).isEqualTo(FACTS);
    assertThat(details.manifest()).isEqualTo(from.registry.details(second).manifest());
    assertThat(details.importedFrom())
        .isEqualTo("flight-delay version 2 of workspace " + from.workspace.id());
    assertThat(to.registry.load(imported.get(0)).digest())
        .isEqualTo(from.registry.load(second).digest());
    assertThat(to.registry.history(MODEL)).isEmpty();
  }

  @Test
  void importingAgainGivesTheVersionsThatAreThere() {
    from.registry.exportTo(archive, List.of(version(1), version(2)));
    List<ModelVersion> once = to.registry.importFrom(archive);
    assertThat(to.registry.importFrom(archive)).isEqualTo(once);
    assertThat(to.registry.versions(MODEL)).hasSize(2);
    assertThat(from.registry.importFrom(archive)).isEqualTo(from.registry.versions(MODEL));
  }

  @Test
  void whatPeopleSayOfAModelComesAlongWhereNothingIsSaid() {
    ModelVersion version = version(1);
    from.registry
        .describe(MODEL)
        .description("Is a flight late? \uD83D\uDE00\n'yes'")
        .owner("ann")
        .tag("tier", "1")
        .tag("area", "air")
        .commit();
    from.registry.exportTo(archive, List.of(version));
    to.registry.importFrom(archive);
    assertThat(to.registry.model(MODEL)).isEqualTo(from.registry.model(MODEL));
    to.registry
        .describe(MODEL)
        .description("ours")
        .owner("")
        .tag("tier", "2")
        .withoutTag("area")
        .commit();
    to.registry.importFrom(archive);
    assertThat(to.registry.model(MODEL))
        .isEqualTo(
            new ModelInfo(MODEL, "ours", "ann", new TreeMap<>(Map.of("tier", "2", "area", "air"))));
  }

  @Test
  void whatCouldNotBeSaidOfAModelHereIsRefused() throws IOException {
    version(1);
    from.registry.describe(MODEL).description("what").owner("ann").tag("tier", "1").commit();
    for (String wrong : List.of("a\\u0000b", "\\u001b[2J", "\\ud800", "x".repeat(10_001))) {
      for (String text : List.of("\"what\"", "\"ann\"", "\"1\"")) {
        Map<String, byte[]> entries = exported();
        edit(entries, " : " + text, " : \"" + wrong + "\"");
        refuses(entries, "is refused: the ");
      }
      Map<String, byte[]> entries = exported();
      edit(entries, "\"tier\" :", "\"" + wrong + "\" :");
      refuses(entries, "the key of a tag cannot be");
    }
    Map<String, byte[]> other = exported();
    edit(other, "\"flight-delay\" : {", "\"other\" : {");
    refuses(other, "describes a model of which it has no version");
    Map<String, byte[]> lacking = exported();
    edit(lacking, "\"owner\" :", "\"own\" :");
    refuses(lacking, "a text lacks");
  }

  @Test
  void theSameVersionsGiveTheSameBytes() throws IOException {
    from.registry.exportTo(archive, List.of(version(1)));
    Path again = directory.resolve("again.zip");
    from.registry.exportTo(again, List.of(from.registry.version(MODEL, 1)));
    assertThat(Files.mismatch(archive, again)).isEqualTo(-1);
    assertThat(Archive.isArchive(again)).isTrue();
    assertThat(Archive.isArchive(directory)).isFalse();
  }

  @Test
  void anArchiveReplacesNothingAndLeavesNothingBehindWhenItCannotBeWritten() throws IOException {
    ModelVersion version = version(1);
    Files.writeString(archive, "mine");
    assertThatThrownBy(() -> from.registry.exportTo(archive, List.of(version)))
        .isInstanceOf(ArchiveException.class)
        .hasMessageContaining("there is something already");
    assertThat(archive).hasContent("mine");
    Path nowhere = directory.resolve("no/such/a.zip");
    assertThatThrownBy(() -> from.registry.exportTo(nowhere, List.of(version)))
        .isInstanceOf(ArchiveException.class)
        .hasMessageContaining("cannot be written");
    assertThatThrownBy(
            () -> from.registry.exportTo(directory.resolve("b.zip"), List.of(version, version)))
        .isInstanceOf(ArchiveException.class)
        .hasMessageContaining("each once");
    try (Stream<Path> files = Files.list(directory)) {
      assertThat(files).hasSize(3);
    }
  }

  /** The file was written by the library when that was the version of archives. */
  @Test
  void anArchiveOfVersionOneIsRead() throws IOException {
    try (InputStream golden = ArchiveTest.class.getResourceAsStream("versions-version-1.zip")) {
      Files.write(archive, golden.readAllBytes());
    }
    ModelVersion version = to.registry.importFrom(archive).get(0);
    VersionDetails details = to.registry.details(version);
    assertThat(version.label()).isEqualTo("flight-delay version 1");
    assertThat(details.facts())
        .isEqualTo(
            new RunFacts(
                Map.of("depth", "6"),
                Map.of("auc", 0.75, "nan", Double.NaN),
                List.of(Trained.YEAR)));
    assertThat(details.importedFrom()).startsWith("flight-delay version 1 of workspace ");
    assertThat(to.registry.load(version).manifest().runId()).isEqualTo("run-1");
    assertThat(to.registry.importFrom(archive)).containsExactly(version);
  }

  @Test
  void namesThatAreNoTextAreRefused() throws IOException {
    exported();
    byte[] sound = Files.readAllBytes(archive);
    // Of the last entry in the directory of the archive, which is at its end.
    int name = new String(sound, StandardCharsets.ISO_8859_1).lastIndexOf("files/");
    for (int at = name; at < name + 70; at++) {
      for (int bad : new int[] {0xFF, 0xC3, 0xE2}) {
        byte[] bytes = sound.clone();
        bytes[at] = (byte) bad;
        Files.write(archive, bytes);
        assertThatThrownBy(() -> to.registry.importFrom(archive))
            .isInstanceOf(ArchiveException.class);
      }
    }
  }

  @Test
  void entriesThatEscapeOrAreNotListedAreRefused() throws IOException {
    for (String name :
        List.of(
            "../evil",
            "/etc/passwd",
            "files/../../evil",
            "C:\\evil",
            "files/" + Digest.of("more").hex(),
            "x\u001b[2J")) {
      Map<String, byte[]> entries = exported();
      entries.put(name, new byte[] {1});
      refuses(entries, "that its index does not list");
    }
  }

  @Test
  void aPathWithinAPackageThatEscapesIsRefused() throws IOException {
    for (String path : List.of("../value.txt", "/value.txt", "a/../../value.txt", "a\\\\b")) {
      Map<String, byte[]> entries = exported();
      edit(entries, "\"value.txt\"", "\"" + path + "\"");
      refuses(entries, "cannot be a path");
    }
  }

  @Test
  void whatUnpacksToMoreThanItSaysOrMayIsRefused() throws IOException {
    Map<String, byte[]> bomb = exported();
    String largest = bomb.keySet().stream().filter(n -> n.startsWith("files/")).findFirst().get();
    bomb.put(largest, new byte[50_000_000]);
    refuses(bomb, "than the ");
    Map<String, byte[]> index = exported();
    index.put(Archive.INDEX, new byte[20_000_000]);
    refuses(index, "than the 16777216 bytes it may");
    Map<String, byte[]> stated = exported();
    stated.replace(
        Archive.INDEX,
        text(stated)
            .replaceAll("\"size\" : [0-9]+", "\"size\" : 99999999999")
            .getBytes(StandardCharsets.UTF_8));
    refuses(stated, "unpacks to more than");
    write(exported());
    assertThatThrownBy(() -> to.registry.importFrom(archive, 100))
        .isInstanceOf(ArchiveException.class)
        .hasMessageContaining("more than 100 bytes");
  }

  @Test
  void aFileIsCountedAsOftenAsAPackageHasIt() throws IOException {
    Map<String, byte[]> entries = exported();
    ArchiveIndex index = ArchiveIndexJson.read(entries.get(Archive.INDEX));
    ArchiveIndex.Entry first = index.versions().get(0);
    SortedMap<String, Artifacts.Put> files = new TreeMap<>(first.files());
    byte[] zeros = new byte[1_000_000];
    Digest digest = Digest.of(zeros);
    for (int i = 0; i < 1_000; i++) {
      files.put("copy" + i, new Artifacts.Put(digest, zeros.length));
    }
    entries.put(Archive.INDEX, index(first, files));
    entries.put(Archive.FILES + digest.hex(), zeros);
    entries.keySet().removeIf(name -> isOfOtherVersion(name, files));
    write(entries);
    assertThatThrownBy(() -> to.registry.importFrom(archive, 500_000_000))
        .isInstanceOf(ArchiveException.class)
        .hasMessageContaining("unpacks to more than 500000000 bytes");
    refuses(entries, "that its manifest does not list");
  }

  @Test
  void aFileThatIsListedWithTwoSizesIsRefused() throws IOException {
    Map<String, byte[]> entries = exported();
    ArchiveIndex.Entry first = ArchiveIndexJson.read(entries.get(Archive.INDEX)).versions().get(0);
    SortedMap<String, Artifacts.Put> files = new TreeMap<>(first.files());
    byte[] content = "seven b".getBytes(StandardCharsets.UTF_8);
    files.put("extra-1", new Artifacts.Put(Digest.of(content), 5));
    files.put("extra-2", new Artifacts.Put(Digest.of(content), 7));
    entries.put(Archive.INDEX, index(first, files));
    entries.put(Archive.FILES + Digest.of(content).hex(), content);
    entries.keySet().removeIf(name -> isOfOtherVersion(name, files));
    refuses(entries, "with 5 and with 7 bytes");
  }

  @Test
  void aFileThatVersionsShareIsCountedOnce() throws IOException {
    List<ModelVersion> versions = new ArrayList<>();
    SortedMap<Digest, Long> sizes = new TreeMap<>();
    for (int i = 0; i < 20; i++) {
      ModelVersion version =
          from.registry.register(
              MODEL, Trained.on("wind").stored(from.workspace.artifacts(), 1, "run-" + i, FACTS));
      versions.add(version);
      from.workspace
          .artifacts()
          .files(version.packageDigest())
          .values()
          .forEach(file -> sizes.put(file.digest(), file.bytes()));
    }
    long unpacked = sizes.values().stream().mapToLong(Long::longValue).sum();
    from.registry.exportTo(archive, versions);
    assertThatThrownBy(() -> to.registry.importFrom(archive, unpacked - 1))
        .isInstanceOf(ArchiveException.class)
        .hasMessageContaining("unpacks to more than " + (unpacked - 1) + " bytes")
        .hasMessageContaining("importFrom(file, maxBytes)")
        .hasMessageContaining("--max-bytes");
    assertThat(to.registry.models()).isEmpty();
    assertThat(to.registry.importFrom(archive, unpacked)).hasSize(20);
  }

  @Test
  void goldenRowsTooLargeForMemoryAreRefused() throws IOException {
    Map<String, byte[]> entries = exported();
    ArchiveIndex.Entry first = ArchiveIndexJson.read(entries.get(Archive.INDEX)).versions().get(0);
    SortedMap<String, Artifacts.Put> files = new TreeMap<>(first.files());
    byte[] zeros = new byte[40 << 20];
    Digest digest = Digest.of(zeros);
    files.put("manifest.json", new Artifacts.Put(digest, zeros.length));
    entries.put(Archive.INDEX, index(first, files));
    entries.put(Archive.FILES + digest.hex(), zeros);
    entries.keySet().removeIf(name -> isOfOtherVersion(name, files));
    refuses(entries, "has a file manifest.json of 41943040 bytes");
  }

  private static byte[] index(ArchiveIndex.Entry version, SortedMap<String, Artifacts.Put> files) {
    return ArchiveIndexJson.write(
        new ArchiveIndex(
            List.of(
                new ArchiveIndex.Entry(
                    version.model(),
                    Digest.of(Artifacts.treeManifest(files)),
                    version.importedFrom(),
                    version.facts(),
                    files)),
            List.of()));
  }

  private static boolean isOfOtherVersion(String name, SortedMap<String, Artifacts.Put> files) {
    return name.startsWith(Archive.FILES)
        && files.values().stream()
            .noneMatch(file -> name.equals(Archive.FILES + file.digest().hex()));
  }

  @Test
  void namesThatADatabaseCannotHoldAreRefused() throws IOException {
    String half = "\\ud800";
    for (String name : List.of("a\\u0000b", half, "", "x".repeat(256))) {
      Map<String, byte[]> entries = exported();
      edit(entries, "\"depth\" : \"6\"", "\"" + name + "\" : \"6\"");
      refuses(entries, "param");
    }
    for (String value : List.of("a\\u0000b", half, "x".repeat(65_537))) {
      Map<String, byte[]> entries = exported();
      edit(entries, "\"depth\" : \"6\"", "\"depth\" : \"" + value + "\"");
      refuses(entries, "a param of ");
    }
    Map<String, byte[]> metric = exported();
    edit(metric, "\"auc\" :", "\"" + half + "\" :");
    refuses(metric, "a metric of ");
    Map<String, byte[]> dataset = exported();
    edit(dataset, "\"flights\"", "\"fli\\u0000ghts\"");
    refuses(dataset, "a dataset of ");
  }

  @Test
  void aFileThatWasAlteredOrLacksRefusesAllVersions() throws IOException {
    for (String name : exported().keySet()) {
      if (name.startsWith("files/")) {
        Map<String, byte[]> altered = exported();
        byte[] content = altered.get(name).clone();
        content[content.length / 2] ^= 1;
        altered.put(name, content);
        refuses(altered, "was altered");
        Map<String, byte[]> lacking = exported();
        lacking.remove(name);
        refuses(lacking, "lacks the entry");
      }
    }
  }

  @Test
  void filesThatAreNoPackageAreRefused() throws IOException {
    byte[] content = {1, 2, 3};
    Digest digest = Digest.of(content);
    ArchiveIndex.Entry entry =
        new ArchiveIndex.Entry(
            MODEL,
            Artifacts.treeDigest(Map.of("model.txt", content)),
            "nowhere",
            RunFacts.NONE,
            new TreeMap<>(Map.of("model.txt", new Artifacts.Put(digest, 3))));
    Map<String, byte[]> entries = new LinkedHashMap<>();
    entries.put(Archive.INDEX, ArchiveIndexJson.write(new ArchiveIndex(List.of(entry), List.of())));
    entries.put(Archive.FILES + digest.hex(), content);
    refuses(entries, "should have a file \"manifest.json\"");
  }

  @Test
  void anEntryThatIsThereTwiceIsRefused() throws IOException {
    Map<String, byte[]> entries = exported();
    entries.put("index.jsom", new byte[] {1});
    write(entries);
    String raw = new String(Files.readAllBytes(archive), StandardCharsets.ISO_8859_1);
    Files.writeString(
        archive, raw.replace("index.jsom", "index.json"), StandardCharsets.ISO_8859_1);
    assertThatThrownBy(() -> to.registry.importFrom(archive)).isInstanceOf(ArchiveException.class);
    assertThat(to.registry.models()).isEmpty();
  }

  @Test
  void anIndexThatIsNotWhatItsDigestSaysIsRefused() throws IOException {
    Map<String, byte[]> entries = exported();
    edit(entries, "\"depth\" : \"6\"", "\"depth\" : \"9\"");
    writeAsTheyAre(entries);
    assertThatThrownBy(() -> to.registry.importFrom(archive))
        .isInstanceOf(ArchiveException.class)
        .hasMessageContaining("its index is not what its digest says");
    entries.remove(Archive.INDEX_DIGEST);
    writeAsTheyAre(entries);
    assertThatThrownBy(() -> to.registry.importFrom(archive))
        .hasMessageContaining("it has no index.sha256");
  }

  @Test
  void anIndexThatContradictsThePackagesIsRefused() throws IOException {
    Map<String, byte[]> other = exported();
    String tree = from.registry.version(MODEL, 1).packageDigest().hex();
    edit(other, tree, Digest.of("other").hex());
    refuses(other, "than its digest says");
    Map<String, byte[]> name = exported();
    edit(name, "\"model\" : \"flight-delay\"", "\"model\" : \"../../x\"");
    refuses(name, "a model's name cannot be");
    Map<String, byte[]> newer = exported();
    edit(newer, "\"version\" : 2", "\"version\" : 3");
    refuses(newer, "use the library that wrote it, or a later one");
    for (String wrong : List.of("[]", "{}", "nope", "{\"format\":\"mlops4j-versions\"}", "")) {
      Map<String, byte[]> entries = exported();
      entries.put(Archive.INDEX, wrong.getBytes(StandardCharsets.UTF_8));
      assertThatThrownBy(() -> imported(entries)).isInstanceOf(ArchiveException.class);
    }
    Map<String, byte[]> negative = exported();
    negative.replace(
        Archive.INDEX,
        text(negative)
            .replaceAll("\"size\" : [0-9]+", "\"size\" : -1")
            .getBytes(StandardCharsets.UTF_8));
    refuses(negative, "is not as it should be");
  }

  @Test
  void aFileThatIsNoArchiveIsSaidToBeNone() throws IOException {
    assertThatThrownBy(() -> to.registry.importFrom(archive))
        .isInstanceOf(ArchiveException.class)
        .hasMessageContaining("there is no archive");
    Files.writeString(archive, "PK but not a ZIP");
    assertThatThrownBy(() -> to.registry.importFrom(archive))
        .isInstanceOf(ArchiveException.class)
        .hasMessageContaining("damaged or not an archive");
    refuses(new LinkedHashMap<>(Map.of("readme.txt", new byte[1])), "has no index.json");
  }

  /** Whatever byte is changed: the import is refused, or gives what was exported. */
  @Test
  void anArchiveWithAnyByteChangedIsRefusedOrMeansTheSame() throws IOException {
    from.registry.exportTo(archive, List.of(version(1)));
    byte[] whole = Files.readAllBytes(archive);
    Digest digest = from.registry.version(MODEL, 1).packageDigest();
    Random random = new Random(1);
    for (int i = 0; i < 150; i++) {
      byte[] changed = whole.clone();
      changed[random.nextInt(changed.length)] ^= (byte) (1 << random.nextInt(8));
      if (i % 10 == 0) {
        changed = Arrays.copyOf(whole, random.nextInt(whole.length));
      }
      Files.write(archive, changed);
      try {
        List<ModelVersion> imported = to.registry.importFrom(archive);
        assertThat(imported).extracting(ModelVersion::packageDigest).containsOnly(digest);
        assertThat(to.registry.details(imported.get(0)).facts()).isEqualTo(FACTS);
      } catch (ArchiveException e) {
        assertThat(e).hasMessageNotContaining("\u0000");
      }
    }
  }

  private ModelVersion version(double value) {
    return from.registry.register(
        MODEL, Trained.on("wind").stored(from.workspace.artifacts(), value, "run-" + value, FACTS));
  }

  private Map<String, byte[]> exported() throws IOException {
    Files.deleteIfExists(archive);
    from.registry.exportTo(archive, List.of(version(1), version(2)));
    Map<String, byte[]> entries = new LinkedHashMap<>();
    try (ZipFile zip = new ZipFile(archive.toFile())) {
      for (ZipEntry entry : zip.stream().toList()) {
        entries.put(entry.getName(), zip.getInputStream(entry).readAllBytes());
      }
    }
    return entries;
  }

  private static String text(Map<String, byte[]> entries) {
    return new String(entries.get(Archive.INDEX), StandardCharsets.UTF_8);
  }

  private static void edit(Map<String, byte[]> entries, String before, String after) {
    String text = text(entries);
    assertThat(text).contains(before);
    entries.put(Archive.INDEX, text.replace(before, after).getBytes(StandardCharsets.UTF_8));
  }

  /** With the digest of whatever the index is. */
  private void write(Map<String, byte[]> entries) throws IOException {
    if (entries.containsKey(Archive.INDEX)) {
      String digest = Digest.of(entries.get(Archive.INDEX)).hex();
      entries.put(Archive.INDEX_DIGEST, digest.getBytes(StandardCharsets.US_ASCII));
    }
    writeAsTheyAre(entries);
  }

  private void writeAsTheyAre(Map<String, byte[]> entries) throws IOException {
    try (OutputStream out = Files.newOutputStream(archive);
        ZipOutputStream zip = new ZipOutputStream(out)) {
      for (Map.Entry<String, byte[]> entry : entries.entrySet()) {
        zip.putNextEntry(new ZipEntry(entry.getKey()));
        zip.write(entry.getValue());
        zip.closeEntry();
      }
    }
  }

  private List<ModelVersion> imported(Map<String, byte[]> entries) throws IOException {
    write(entries);
    return to.registry.importFrom(archive);
  }

  /** Nothing is registered, and nothing kept. */
  private void refuses(Map<String, byte[]> entries, String why) throws IOException {
    assertThatThrownBy(() -> imported(entries))
        .isInstanceOf(ArchiveException.class)
        .hasMessageContaining(why)
        .hasMessageNotContaining("\u001b");
    assertThat(to.registry.models()).isEmpty();
    try (Stream<Path> kept = Files.walk(directory.resolve("to"))) {
      assertThat(kept.filter(file -> file.toString().contains("sha256"))).isEmpty();
    }
  }
}
