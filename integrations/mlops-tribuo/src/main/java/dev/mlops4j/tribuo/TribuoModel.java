package dev.mlops4j.tribuo;

import dev.mlops4j.model.PortableModel;
import dev.mlops4j.model.Signature;
import java.util.List;
import java.util.Map;
import java.util.SortedMap;
import java.util.TreeMap;
import org.tribuo.common.sgd.AbstractLinearSGDModel;

/**
 * A linear classifier or regression of Tribuo. Immutable and safe for any number of threads; a
 * prediction takes a few operations an input and makes no object but a small array.
 *
 * <p>It takes the weights out of Tribuo's model and adds them up itself, which gives what Tribuo's
 * own prediction does, without an example and a map a row.
 */
public final class TribuoModel implements PortableModel {

  /** The name of the format of the model's files. */
  public static final String FORMAT = "tribuo-protobuf";

  private final Signature signature;
  private final byte[] modelBytes;
  private final byte[] encodingBytes;
  private final LinearWeights weights;

  private TribuoModel(
      Signature signature, byte[] modelBytes, byte[] encodingBytes, LinearWeights weights) {
    this.signature = signature;
    this.modelBytes = modelBytes;
    this.encodingBytes = encodingBytes;
    this.weights = weights;
  }

  /**
   * The model in these bytes.
   *
   * @throws ForbiddenClassException if they name a class that a linear model does not need
   * @throws TribuoException if they are not a linear model with this signature
   */
  static TribuoModel of(Signature signature, byte[] modelBytes, byte[] encodingBytes) {
    List<InputEncoding> encodings = EncodingJson.read(encodingBytes, signature);
    AbstractLinearSGDModel<?> model = ModelBytes.read(modelBytes);
    return new TribuoModel(
        signature,
        modelBytes.clone(),
        encodingBytes.clone(),
        LinearWeights.of(
            model, encodings, signature.output(), EncodingJson.readTarget(encodingBytes)));
  }

  /** See {@link LinearWeights#importance}. */
  Map<String, Double> importance() {
    return weights.importance();
  }

  @Override
  public Signature signature() {
    return signature;
  }

  @Override
  public String format() {
    return FORMAT;
  }

  @Override
  public SortedMap<String, byte[]> files() {
    SortedMap<String, byte[]> files = new TreeMap<>();
    files.put(ModelBytes.FILE, modelBytes.clone());
    files.put(EncodingJson.FILE, encodingBytes.clone());
    return files;
  }

  @Override
  public void predict(double[] vector, double[] output) {
    int in = signature.width();
    int out = signature.output().width();
    if (vector.length < in || output.length < out) {
      throw new IllegalArgumentException(
          "a vector of "
              + in
              + " and an output of "
              + out
              + " doubles are needed, found "
              + vector.length
              + " and "
              + output.length);
    }
    weights.predict(vector, output);
  }
}
