package dev.mlops4j.tribuo;

import com.google.protobuf.Any;
import com.google.protobuf.InvalidProtocolBufferException;
import com.oracle.labs.mlrg.olcut.config.protobuf.ProtoProvenanceSerialization;
import com.oracle.labs.mlrg.olcut.config.protobuf.protos.RootProvenanceProto;
import com.oracle.labs.mlrg.olcut.provenance.ProvenanceUtil;
import java.util.Map;
import org.tribuo.Model;
import org.tribuo.classification.sgd.protos.ClassificationLinearSGDProto;
import org.tribuo.common.sgd.AbstractLinearSGDModel;
import org.tribuo.protos.core.ModelDataProto;
import org.tribuo.protos.core.ModelProto;
import org.tribuo.provenance.ModelProvenance;
import org.tribuo.regression.sgd.protos.RegressionLinearSGDProto;

/** Tribuo's models to protobuf and back. */
final class ModelBytes {

  static final String FILE = "model.tribuo";

  private ModelBytes() {}

  /** The model without the time and machine of its training, which the manifest tells. */
  static byte[] write(AbstractLinearSGDModel<?> model) {
    ModelProvenance provenance =
        new ModelProvenance(
            model.getClass().getName(),
            TribuoTraining.NO_TIME,
            model.getProvenance().getDatasetProvenance(),
            model.getProvenance().getTrainerProvenance(),
            Map.of(),
            false);
    try {
      ModelProto outer = model.serialize();
      RootProvenanceProto known =
          new ProtoProvenanceSerialization(false)
              .serializeToProto(ProvenanceUtil.marshalProvenance(provenance));
      Any data = outer.getSerializedData();
      return outer.toBuilder()
          .setSerializedData(
              data.is(RegressionLinearSGDProto.class)
                  ? with(known, data.unpack(RegressionLinearSGDProto.class))
                  : with(known, data.unpack(ClassificationLinearSGDProto.class)))
          .build()
          .toByteArray();
    } catch (InvalidProtocolBufferException e) {
      throw new IllegalStateException("Tribuo writes its linear model as one", e);
    }
  }

  private static Any with(RootProvenanceProto provenance, RegressionLinearSGDProto model) {
    ModelDataProto data = model.getMetadata().toBuilder().setProvenance(provenance).build();
    return Any.pack(model.toBuilder().setMetadata(data).build());
  }

  private static Any with(RootProvenanceProto provenance, ClassificationLinearSGDProto model) {
    ModelDataProto data = model.getMetadata().toBuilder().setProvenance(provenance).build();
    return Any.pack(model.toBuilder().setMetadata(data).build());
  }

  /**
   * The model in these bytes; every class they name is checked first.
   *
   * @throws ForbiddenClassException if they name a class that a linear model does not need
   * @throws TribuoException if they are not such a model
   */
  static AbstractLinearSGDModel<?> read(byte[] bytes) {
    try {
      ModelProto proto = ModelProto.parseFrom(bytes);
      ClassNames.check(proto);
      Model<?> model = Model.deserialize(proto);
      if (model instanceof AbstractLinearSGDModel<?> linear) {
        return linear;
      }
      throw new TribuoException(
          FILE
              + " is a "
              + model.getClass().getName()
              + "; it should be a linear classifier or regression");
    } catch (InvalidProtocolBufferException
        | IllegalArgumentException
        | IllegalStateException
        | IndexOutOfBoundsException
        | NegativeArraySizeException
        | NullPointerException e) {
      throw new TribuoException(
          FILE + " is not a Tribuo model (" + e.getMessage() + "); use another version of it", e);
    }
  }
}
