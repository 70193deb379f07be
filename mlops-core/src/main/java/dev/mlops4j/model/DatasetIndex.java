package dev.mlops4j.model;

import dev.mlops4j.data.ColumnType;
import dev.mlops4j.data.Field;
import dev.mlops4j.data.Schema;
import dev.mlops4j.data.SchemaException;
import dev.mlops4j.workspace.IndexObject;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/**
 * Datasets in the index of an archive, of runs or of versions. What is not known of one is not
 * there, as in archives of older libraries.
 */
public final class DatasetIndex {

  private static final String NAME = "name";
  private static final String ROLE = "role";
  private static final String DIGEST = "digest";
  private static final String ROWS = "rows";
  private static final String SOURCE = "source";
  private static final String COLUMNS = "columns";
  private static final String TYPE = "type";
  private static final String REQUIRED = "required";
  private static final String SENSITIVE = "sensitive";

  private DatasetIndex() {}

  /** What {@link IndexObject#write} takes. */
  public static List<Map<String, Object>> write(List<DatasetReference> datasets) {
    List<Map<String, Object>> list = new ArrayList<>();
    for (DatasetReference dataset : datasets) {
      Map<String, Object> object = new LinkedHashMap<>();
      object.put(NAME, dataset.name());
      object.put(ROLE, dataset.role());
      object.put(DIGEST, dataset.digest().hex());
      object.put(ROWS, dataset.rows());
      if (!dataset.source().isEmpty()) {
        object.put(SOURCE, dataset.source());
      }
      if (dataset.schema() != null) {
        object.put(COLUMNS, dataset.schema().fields().stream().map(DatasetIndex::write).toList());
      }
      list.add(object);
    }
    return list;
  }

  /**
   * The datasets that were written as this member.
   *
   * @throws dev.mlops4j.workspace.ArchiveException if they are not as they should be
   */
  public static List<DatasetReference> read(IndexObject of, String member) {
    return of.objects(member).stream().map(DatasetIndex::read).toList();
  }

  private static Map<String, Object> write(Field field) {
    Map<String, Object> object = new LinkedHashMap<>();
    object.put(NAME, field.name());
    object.put(TYPE, field.type().name());
    if (field.required()) {
      object.put(REQUIRED, true);
    }
    if (field.sensitive()) {
      object.put(SENSITIVE, true);
    }
    return object;
  }

  private static DatasetReference read(IndexObject dataset) {
    String source = dataset.optionalText(SOURCE);
    return new DatasetReference(
        dataset.text(NAME),
        dataset.text(ROLE),
        dataset.digest(DIGEST),
        dataset.count(ROWS),
        dataset.has(COLUMNS) ? schema(dataset) : null,
        source == null ? "" : source);
  }

  private static @Nullable Schema schema(IndexObject dataset) {
    try {
      return Schema.of(dataset.objects(COLUMNS).stream().map(DatasetIndex::field).toList());
    } catch (SchemaException | IllegalArgumentException e) {
      throw dataset.wrong(String.valueOf(e.getMessage()));
    }
  }

  private static Field field(IndexObject column) {
    return new Field(
        column.text(NAME),
        ColumnType.valueOf(column.text(TYPE)),
        column.truth(REQUIRED),
        column.truth(SENSITIVE));
  }
}
