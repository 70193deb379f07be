package dev.mlops4j.tribuo;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import com.google.protobuf.Any;
import com.google.protobuf.ByteString;
import com.google.protobuf.StringValue;
import java.nio.charset.StandardCharsets;
import java.util.Arrays;
import java.util.Random;
import org.junit.jupiter.api.Test;
import org.tribuo.classification.sgd.protos.ClassificationLinearSGDProto;
import org.tribuo.protos.core.ModelProto;

/** Tribuo loads classes by the names in its files; ours must refuse them before it does. */
class HostileTribuoModelTest {

  /** A class that notes that it was loaded. */
  static final class Trap {
    static {
      System.setProperty(PROPERTY, "sprung");
    }

    private Trap() {}
  }

  private static final String PROPERTY = "dev.mlops4j.tribuo.trap";
  private static final String TRAP = HostileTribuoModelTest.class.getName() + "$Trap";
  private static final TestTraining TRAINING = TestTraining.binary(200, 1);
  private static final TribuoModel MODEL =
      TribuoLogisticRegression.classifier().epochs(1).train(TRAINING);
  private static final byte[] BYTES = MODEL.files().get("model.tribuo");

  @Test
  void refusesAClassNamedByTheModelItself() throws Exception {
    ModelProto hostile = ModelProto.parseFrom(BYTES).toBuilder().setClassName(TRAP).build();
    assertRefused(hostile);
  }

  @Test
  void refusesAClassNamedDeepInside() throws Exception {
    ModelProto model = ModelProto.parseFrom(BYTES);
    ClassificationLinearSGDProto inner =
        model.getSerializedData().unpack(ClassificationLinearSGDProto.class);
    var features = inner.toBuilder();
    features.getMetadataBuilder().getFeatureDomainBuilder().setClassName(TRAP);
    assertRefused(with(model, features.build()));
    var provenance = inner.toBuilder();
    provenance
        .getMetadataBuilder()
        .getProvenanceBuilder()
        .getOmpBuilder(0)
        .setProvenanceClassName(TRAP);
    assertRefused(with(model, provenance.build()));
    var constant = inner.toBuilder();
    constant.getMetadataBuilder().getProvenanceBuilder().getSmpBuilder(0).setAdditional(TRAP);
    assertRefused(with(model, constant.build()));
  }

  @Test
  void refusesMessagesItDoesNotKnow() throws Exception {
    ModelProto model = ModelProto.parseFrom(BYTES);
    ModelProto other =
        model.toBuilder().setSerializedData(Any.pack(StringValue.of("surprise"))).build();
    assertThatThrownBy(() -> ModelBytes.read(other.toByteArray()))
        .isInstanceOf(TribuoException.class)
        .hasMessageContaining("type.googleapis.com/google.protobuf.StringValue")
        .hasMessageContaining("do not use the file");
    byte[] unknownField =
        ByteString.copyFrom(BYTES)
            .concat(ByteString.copyFrom(new byte[] {(byte) 0xfa, 0x01, 0x01, 0x41}))
            .toByteArray();
    assertThatThrownBy(() -> ModelBytes.read(unknownField))
        .isInstanceOf(TribuoException.class)
        .hasMessageContaining("unknown fields");
  }

  @Test
  void refusesBytesThatAreCutOffOrAltered() {
    assertThatThrownBy(() -> ModelBytes.read(Arrays.copyOf(BYTES, BYTES.length / 2)))
        .isInstanceOf(TribuoException.class)
        .hasMessageContaining("is not a Tribuo model");
    Random random = new Random(1);
    for (int i = 0; i < 500; i++) {
      byte[] altered = BYTES.clone();
      altered[random.nextInt(altered.length)] ^= (byte) (1 << random.nextInt(8));
      try {
        TribuoModel.of(TRAINING.signature(), altered, MODEL.files().get("encoding.json"));
      } catch (TribuoException expected) {
        assertThat(expected.getMessage()).isNotEmpty();
      }
    }
  }

  @Test
  void refusesAnEncodingThatIsNotOfTheSignature() {
    assertEncodingRefused("{", "is not JSON");
    assertEncodingRefused("{\"formatVersion\":2}", "should have format version 1, found 2");
    assertEncodingRefused(
        "{\"formatVersion\":1,\"inputs\":[]}", "should have 3 inputs, found 0 inputs");
    assertEncodingRefused(
        new String(MODEL.files().get("encoding.json"), StandardCharsets.UTF_8)
            .replace("wind_speed", "visibility"),
        "should have a mean and a scale of \"wind_speed\"");
  }

  private static void assertEncodingRefused(String json, String message) {
    assertThatThrownBy(
            () ->
                TribuoModel.of(TRAINING.signature(), BYTES, json.getBytes(StandardCharsets.UTF_8)))
        .isInstanceOf(TribuoException.class)
        .hasMessageContaining(message);
  }

  private static ModelProto with(ModelProto model, ClassificationLinearSGDProto inner) {
    return model.toBuilder().setSerializedData(Any.pack(inner)).build();
  }

  private static void assertRefused(ModelProto hostile) {
    assertThatThrownBy(() -> ModelBytes.read(hostile.toByteArray()))
        .isInstanceOf(ForbiddenClassException.class)
        .hasMessageContaining(TRAP)
        .hasMessageContaining("not among the classes that a model may have");
    assertThat(System.getProperty(PROPERTY)).isNull();
  }
}
