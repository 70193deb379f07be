package dev.mlops4j.feature;

import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.databind.SerializationFeature;
import com.fasterxml.jackson.databind.json.JsonMapper;
import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.JsonNodeFactory;
import com.fasterxml.jackson.databind.node.ObjectNode;
import dev.mlops4j.Digest;
import dev.mlops4j.data.Field;
import dev.mlops4j.data.Schema;
import dev.mlops4j.model.Signature;
import java.util.List;
import org.jspecify.annotations.Nullable;

/** {@code manifest.json} of an export; the form is described at {@link TrainingExport}. */
final class TrainingManifestJson {

  private TrainingManifestJson() {}

  /**
   * The file of the rows.
   *
   * @param digest of the rows as a dataset, null if they were not held
   */
  record DataFile(String name, long bytes, Digest sha256, long rows, @Nullable Digest digest) {}

  static byte[] write(
      FeatureSet<?> features,
      TrainingExport.Facts facts,
      Schema schema,
      List<String> leftOut,
      DataFile file) {
    ObjectNode root = JsonNodeFactory.instance.objectNode();
    root.put("formatVersion", TrainingExport.FORMAT_VERSION);
    root.put("featureSet", features.name());
    root.put("featureFingerprint", features.fingerprint().hex());
    ArrayNode views = root.putArray("views");
    for (FeatureView view : features.views()) {
      views.addObject().put("name", view.name()).put("fingerprint", view.fingerprint().hex());
    }
    signature(root.putObject("signature"), facts.signature());
    root.put("label", facts.signature().output().name());
    boolean timed = schema.contains(TrainingSet.ASKED_AT);
    root.put("askedAt", timed ? TrainingSet.ASKED_AT : null);
    ArrayNode columns = root.putArray("columns");
    for (Field field : schema.fields()) {
      columns
          .addObject()
          .put("name", field.name())
          .put("type", field.type().name())
          .put("required", field.required())
          .put("sensitive", field.sensitive());
    }
    leftOut.forEach(root.putArray("leftOutColumns")::add);
    root.putObject("leftOutRecords")
        .put("withoutLabel", facts.withoutLabel())
        .put("notYetKnown", facts.notYetKnown())
        .put("notYetAsked", facts.notYetAsked());
    root.put("trainingSetDigest", hex(facts.digest()));
    root.putObject("data")
        .put("file", file.name())
        .put("bytes", file.bytes())
        .put("sha256", file.sha256().hex())
        .put("rows", file.rows())
        .put("digest", hex(file.digest()));
    try {
      return JsonMapper.builder()
          .enable(SerializationFeature.INDENT_OUTPUT)
          .build()
          .writeValueAsBytes(root);
    } catch (JsonProcessingException e) {
      throw new IllegalStateException("a tree can always be written", e);
    }
  }

  private static @Nullable String hex(@Nullable Digest digest) {
    return digest == null ? null : digest.hex();
  }

  private static void signature(ObjectNode node, Signature signature) {
    ArrayNode inputs = node.putArray("inputs");
    for (Signature.Input input : signature.inputs()) {
      ObjectNode written =
          inputs.addObject().put("name", input.name()).put("type", input.type().name());
      if (input.type() == Signature.InputType.CATEGORICAL) {
        input.categories().forEach(written.putArray("categories")::add);
      }
    }
    Signature.Output output = signature.output();
    ObjectNode written =
        node.putObject("output").put("name", output.name()).put("task", output.task().name());
    output.labels().forEach(written.putArray("labels")::add);
  }
}
