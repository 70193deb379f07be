package dev.mlops4j.http;

import com.fasterxml.jackson.databind.JsonNode;
import dev.mlops4j.data.ColumnType;
import dev.mlops4j.data.Field;
import dev.mlops4j.data.Schema;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/**
 * The inputs of an inference request as rows of columns: one tensor a column, which for arrays has
 * their length as its second size, or a single tensor of all columns where all are numbers.
 */
final class InferTensors {

  private final Schema schema;
  private final int maxRows;

  InferTensors(Schema schema, int maxRows) {
    this.schema = schema;
    this.maxRows = maxRows;
  }

  /**
   * The rows.
   *
   * @param inputs the request's {@code inputs}
   * @param binary the bytes after the JSON, little endian
   * @throws HttpProblem if they are not tensors of these columns
   */
  List<Map<String, @Nullable Object>> rows(JsonNode inputs, ByteBuffer binary) {
    if (!inputs.isArray() || inputs.isEmpty()) {
      throw HttpProblem.badRequest("\"inputs\" is an array of tensors, one or more");
    }
    binary.order(ByteOrder.LITTLE_ENDIAN);
    List<Tensor> tensors = new ArrayList<>();
    Set<String> names = new HashSet<>();
    for (JsonNode input : inputs) {
      Tensor tensor = tensor(input, binary);
      if (!names.add(tensor.name)) {
        throw HttpProblem.badRequest("input \"" + Json.excerpt(tensor.name) + "\" is there twice");
      }
      tensors.add(tensor);
    }
    if (binary.hasRemaining()) {
      throw HttpProblem.badRequest(binary.remaining() + " bytes of binary data belong to no input");
    }
    return tensors.size() == 1 && isMatrix(tensors.get(0))
        ? ofMatrix(tensors.get(0))
        : ofColumns(tensors);
  }

  private boolean isMatrix(Tensor tensor) {
    return tensor.shape.length == 2
        && tensor.shape[1] == schema.size()
        && !(schema.size() == 1 && schema.contains(tensor.name))
        && arrayLength(tensor) == 0;
  }

  private List<Map<String, @Nullable Object>> ofMatrix(Tensor tensor) {
    for (Field field : schema.fields()) {
      if (!isNumber(field)) {
        throw HttpProblem.badRequest(
            "a single tensor of all columns is for numbers alone, and \""
                + field.name()
                + "\" is a "
                + field.type()
                + "; send one tensor a column");
      }
    }
    int width = schema.size();
    List<Map<String, @Nullable Object>> rows = new ArrayList<>(tensor.rows());
    for (int row = 0; row < tensor.rows(); row++) {
      Map<String, @Nullable Object> columns = new HashMap<>(2 * width);
      for (int i = 0; i < width; i++) {
        Field field = schema.fields().get(i);
        columns.put(field.name(), typed(field, tensor.values[row * width + i]));
      }
      rows.add(columns);
    }
    return rows;
  }

  /** A matrix has one datatype, so truth values come as numbers. */
  private static @Nullable Object typed(Field field, @Nullable Object value) {
    if (field.type() == ColumnType.BOOLEAN && value instanceof Number number) {
      return number.doubleValue() != 0;
    }
    return value;
  }

  private List<Map<String, @Nullable Object>> ofColumns(List<Tensor> tensors) {
    int rows = tensors.get(0).rows();
    for (Tensor tensor : tensors) {
      int length = arrayLength(tensor);
      boolean isColumn =
          length > 0
              ? tensor.shape.length == 2 && tensor.shape[1] == length
              : tensor.shape.length == 1 || tensor.shape[1] == 1;
      if (!isColumn || tensor.rows() != rows) {
        throw HttpProblem.badRequest(
            "input \""
                + Json.excerpt(tensor.name)
                + "\" has shape "
                + Arrays.toString(tensor.shape)
                + "; send one tensor of shape "
                + (length > 0 ? "[rows, " + length + "]" : "[rows] or [rows, 1]")
                + " a column, of the same rows"
                + (isAllNumbers()
                    ? ", or a single one of shape [rows, " + schema.size() + "]"
                    : ""));
      }
    }
    List<Map<String, @Nullable Object>> all = new ArrayList<>(rows);
    for (int row = 0; row < rows; row++) {
      Map<String, @Nullable Object> columns = new HashMap<>(2 * tensors.size());
      for (Tensor tensor : tensors) {
        columns.put(tensor.name, tensor.value(row, arrayLength(tensor)));
      }
      all.add(columns);
    }
    return all;
  }

  private boolean isAllNumbers() {
    return schema.fields().stream().allMatch(InferTensors::isNumber);
  }

  private static boolean isNumber(Field field) {
    return switch (field.type().kind()) {
      case FLOAT64, INT64, BOOLEAN -> true;
      case STRING, TIMESTAMP, FLOATS -> false;
    };
  }

  /** The length of the arrays in the tensor's column; 0 if it is a column of single values. */
  private int arrayLength(Tensor tensor) {
    return schema.contains(tensor.name) ? schema.field(tensor.name).type().length() : 0;
  }

  private Tensor tensor(JsonNode input, ByteBuffer binary) {
    JsonNode name = input.path("name");
    JsonNode type = input.path("datatype");
    if (!name.isTextual() || !type.isTextual()) {
      throw HttpProblem.badRequest("an input has a \"name\" and a \"datatype\"");
    }
    Datatype datatype = Datatype.named(type.textValue());
    if (datatype == null) {
      throw HttpProblem.badRequest(
          "input \""
              + Json.excerpt(name.textValue())
              + "\" is of datatype \""
              + Json.excerpt(type.textValue())
              + "\"; there are "
              + String.join(", ", Datatype.names()));
    }
    int[] shape = shape(name.textValue(), input.path("shape"));
    int count = count(name.textValue(), shape);
    JsonNode size = input.path("parameters").path("binary_data_size");
    @Nullable Object[] values =
        size.isMissingNode()
            ? ofJson(name.textValue(), datatype, input.path("data"), count)
            : ofBytes(name.textValue(), datatype, size, binary, count);
    return new Tensor(name.textValue(), shape, values);
  }

  private static int[] shape(String name, JsonNode shape) {
    if (!shape.isArray() || shape.isEmpty() || shape.size() > 2) {
      throw HttpProblem.badRequest(
          "input \"" + Json.excerpt(name) + "\" has a \"shape\" of one or two numbers");
    }
    int[] sizes = new int[shape.size()];
    for (int i = 0; i < sizes.length; i++) {
      JsonNode size = shape.get(i);
      if (!size.isIntegralNumber() || !size.canConvertToInt() || size.intValue() < 0) {
        throw HttpProblem.badRequest(
            "input \"" + Json.excerpt(name) + "\" has a shape that is not of whole numbers");
      }
      sizes[i] = size.intValue();
    }
    return sizes;
  }

  private int count(String name, int[] shape) {
    if (shape[0] > maxRows) {
      throw tooManyRows(shape[0], maxRows);
    }
    long count = shape.length == 1 ? shape[0] : (long) shape[0] * shape[1];
    long width = schema.fields().stream().mapToLong(f -> Math.max(1, f.type().length())).sum();
    if (count > maxRows * width) {
      throw HttpProblem.badRequest(
          "input \"" + Json.excerpt(name) + "\" has " + count + " elements, more than can be used");
    }
    return (int) count;
  }

  static HttpProblem tooManyRows(long rows, int maxRows) {
    return new HttpProblem(
        HttpProblem.TOO_LARGE,
        "a request has at most " + maxRows + " rows, found " + rows + "; send several requests");
  }

  private static @Nullable Object[] ofJson(
      String name, Datatype datatype, JsonNode data, int count) {
    if (!data.isArray()) {
      throw HttpProblem.badRequest(
          "input \""
              + Json.excerpt(name)
              + "\" has neither an array \"data\" nor a parameter \"binary_data_size\"");
    }
    @Nullable Object[] values = new @Nullable Object[count];
    int filled = fill(name, datatype, data, values, 0, 0);
    if (filled != count) {
      throw wrongCount(name, count, filled);
    }
    return values;
  }

  /** Data may be flat or nested as the shape is. */
  private static int fill(
      String name,
      Datatype datatype,
      JsonNode data,
      @Nullable Object[] values,
      int from,
      int depth) {
    int at = from;
    for (JsonNode element : data) {
      if (element.isArray() && depth == 0) {
        at = fill(name, datatype, element, values, at, 1);
      } else if (at == values.length) {
        throw wrongCount(name, values.length, at + 1);
      } else {
        values[at++] = element(name, datatype, element);
      }
    }
    return at;
  }

  private static @Nullable Object element(String name, Datatype datatype, JsonNode element) {
    boolean fits =
        element.isNull()
            || (datatype == Datatype.BYTES && element.isTextual())
            || (datatype == Datatype.BOOL && element.isBoolean())
            || (datatype.isNumber() && element.isNumber());
    if (!fits) {
      throw HttpProblem.badRequest(
          "input \""
              + Json.excerpt(name)
              + "\" is of "
              + datatype
              + " and holds a "
              + element.getNodeType());
    }
    return Json.scalar("input", element);
  }

  private static HttpProblem wrongCount(String name, int wanted, int found) {
    return HttpProblem.badRequest(
        "input \""
            + Json.excerpt(name)
            + "\" has "
            + wanted
            + " elements by its shape, and "
            + (found > wanted ? "more" : found)
            + " in its data");
  }

  private static @Nullable Object[] ofBytes(
      String name, Datatype datatype, JsonNode size, ByteBuffer binary, int count) {
    if (!size.canConvertToInt() || size.intValue() < 0 || size.intValue() > binary.remaining()) {
      throw HttpProblem.badRequest(
          "input \""
              + Json.excerpt(name)
              + "\" says it has "
              + Json.excerpt(size.asText())
              + " bytes of binary data, and "
              + binary.remaining()
              + " are left");
    }
    int end = binary.position() + size.intValue();
    ByteBuffer own = binary.duplicate().order(ByteOrder.LITTLE_ENDIAN);
    own.limit(end);
    if (datatype.size() > 0 && size.intValue() != (long) count * datatype.size()) {
      throw HttpProblem.badRequest(
          "input \""
              + Json.excerpt(name)
              + "\" has "
              + count
              + " elements of "
              + datatype
              + " by its shape, and "
              + size.intValue()
              + " bytes");
    }
    @Nullable Object[] values = new @Nullable Object[count];
    for (int i = 0; i < count; i++) {
      values[i] = datatype.read(own);
    }
    if (own.hasRemaining()) {
      throw wrongCount(name, count, count + 1);
    }
    binary.position(end);
    return values;
  }

  private static final class Tensor {

    private final String name;
    private final int[] shape;
    private final @Nullable Object[] values;

    Tensor(String name, int[] shape, @Nullable Object[] values) {
      this.name = name;
      this.shape = shape;
      this.values = values;
    }

    int rows() {
      return shape[0];
    }

    /** The value of a row: a list, if the column has arrays of a length that is not 0. */
    @Nullable Object value(int row, int length) {
      return length == 0
          ? values[row]
          : Arrays.asList(values).subList(row * length, (row + 1) * length);
    }
  }
}
