package dev.mlops4j.tribuo;

import com.google.protobuf.Any;
import com.google.protobuf.Descriptors.Descriptor;
import com.google.protobuf.Descriptors.FieldDescriptor;
import com.google.protobuf.DynamicMessage;
import com.google.protobuf.InvalidProtocolBufferException;
import com.google.protobuf.Message;
import com.google.protobuf.TypeRegistry;
import java.util.List;
import java.util.Map;
import java.util.Set;
import org.tribuo.classification.protos.ImmutableLabelInfoProto;
import org.tribuo.classification.sgd.protos.ClassificationLinearSGDProto;
import org.tribuo.math.protos.DenseTensorProto;
import org.tribuo.math.protos.LinearParametersProto;
import org.tribuo.protos.core.CategoricalIDInfoProto;
import org.tribuo.protos.core.ImmutableFeatureMapProto;
import org.tribuo.protos.core.RealIDInfoProto;
import org.tribuo.regression.protos.ImmutableRegressionInfoProto;
import org.tribuo.regression.sgd.protos.RegressionLinearSGDProto;

/**
 * Looks for the names of classes in a model's protobuf, before Tribuo, which loads classes by such
 * names, sees it. Goes through every field of every message, also those packed in others; what it
 * does not know it refuses.
 */
final class ClassNames {

  private static final int MAX_DEPTH = 50;

  /** Fields that OLCUT takes for the name of a class, besides those that end in CLASS_NAME. */
  private static final String ADDITIONAL = "additional";

  private static final String CLASS_NAME = "class_name";

  private static final Set<String> ALLOWED =
      Set.of(
          "com.oracle.labs.mlrg.olcut.provenance.impl.ConfiguredObjectProvenanceImpl",
          "com.oracle.labs.mlrg.olcut.provenance.primitives.BooleanProvenance",
          "com.oracle.labs.mlrg.olcut.provenance.primitives.CharProvenance",
          "com.oracle.labs.mlrg.olcut.provenance.primitives.DateTimeProvenance",
          "com.oracle.labs.mlrg.olcut.provenance.primitives.DoubleProvenance",
          "com.oracle.labs.mlrg.olcut.provenance.primitives.IntProvenance",
          "com.oracle.labs.mlrg.olcut.provenance.primitives.LongProvenance",
          "com.oracle.labs.mlrg.olcut.provenance.primitives.StringProvenance",
          "org.tribuo.CategoricalIDInfo",
          "org.tribuo.DataSource",
          "org.tribuo.ImmutableFeatureMap",
          "org.tribuo.MutableDataset",
          "org.tribuo.RealIDInfo",
          "org.tribuo.classification.ImmutableLabelInfo",
          "org.tribuo.classification.LabelFactory",
          "org.tribuo.classification.LabelFactory$LabelFactoryProvenance",
          "org.tribuo.classification.sgd.linear.LinearSGDModel",
          "org.tribuo.classification.sgd.linear.LinearSGDTrainer",
          "org.tribuo.classification.sgd.objectives.LogMulticlass",
          "org.tribuo.math.LinearParameters",
          "org.tribuo.math.la.DenseMatrix",
          "org.tribuo.math.optimisers.AdaGrad",
          "org.tribuo.math.util.ExpNormalizer",
          "org.tribuo.provenance.DatasetProvenance",
          "org.tribuo.provenance.ModelProvenance",
          "org.tribuo.provenance.SimpleDataSourceProvenance",
          "org.tribuo.provenance.impl.TrainerProvenanceImpl",
          "org.tribuo.regression.ImmutableRegressionInfo",
          "org.tribuo.regression.RegressionFactory",
          "org.tribuo.regression.RegressionFactory$RegressionFactoryProvenance",
          "org.tribuo.regression.sgd.linear.LinearSGDModel",
          "org.tribuo.regression.sgd.linear.LinearSGDTrainer",
          "org.tribuo.regression.sgd.objectives.SquaredLoss");

  private static final TypeRegistry PACKED =
      TypeRegistry.newBuilder()
          .add(
              List.of(
                  ClassificationLinearSGDProto.getDescriptor(),
                  ImmutableFeatureMapProto.getDescriptor(),
                  RealIDInfoProto.getDescriptor(),
                  CategoricalIDInfoProto.getDescriptor(),
                  ImmutableLabelInfoProto.getDescriptor(),
                  RegressionLinearSGDProto.getDescriptor(),
                  ImmutableRegressionInfoProto.getDescriptor(),
                  LinearParametersProto.getDescriptor(),
                  DenseTensorProto.getDescriptor()))
          .build();

  private ClassNames() {}

  /**
   * Checks a message.
   *
   * @throws ForbiddenClassException if it names a class that is not allowed
   * @throws TribuoException if it holds what a linear model does not
   */
  static void check(Message message) throws InvalidProtocolBufferException {
    check(message, 0);
  }

  private static void check(Message message, int depth) throws InvalidProtocolBufferException {
    if (depth > MAX_DEPTH) {
      throw refused("messages nested deeper than " + MAX_DEPTH);
    }
    if (!message.getUnknownFields().asMap().isEmpty()) {
      throw refused("unknown fields in a " + message.getDescriptorForType().getFullName());
    }
    if (message.getDescriptorForType().getFullName().equals(Any.getDescriptor().getFullName())) {
      check(unpack(message), depth + 1);
      return;
    }
    for (Map.Entry<FieldDescriptor, Object> field : message.getAllFields().entrySet()) {
      List<?> values =
          field.getKey().isRepeated() ? (List<?>) field.getValue() : List.of(field.getValue());
      for (Object value : values) {
        if (value instanceof Message inner) {
          check(inner, depth + 1);
        } else if (value instanceof String text) {
          check(field.getKey().getName(), text);
        }
      }
    }
  }

  private static void check(String field, String text) {
    boolean isName = field.endsWith(CLASS_NAME) || field.equals(ADDITIONAL);
    if (isName && !text.isEmpty() && !ALLOWED.contains(text)) {
      throw new ForbiddenClassException(text, field);
    }
  }

  private static Message unpack(Message any) throws InvalidProtocolBufferException {
    Any packed = Any.parseFrom(any.toByteString());
    Descriptor type = PACKED.getDescriptorForTypeUrl(packed.getTypeUrl());
    if (type == null) {
      throw refused("a message of type \"" + packed.getTypeUrl() + "\"");
    }
    return DynamicMessage.parseFrom(type, packed.getValue());
  }

  private static TribuoException refused(String found) {
    return new TribuoException(
        ModelBytes.FILE + " has " + found + ", which a linear model does not; do not use the file");
  }
}
