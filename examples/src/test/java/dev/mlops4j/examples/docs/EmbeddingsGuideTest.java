package dev.mlops4j.examples.docs;

import static dev.mlops4j.data.ColumnType.FLOAT64;
import static dev.mlops4j.data.ColumnType.STRING;
import static dev.mlops4j.data.ColumnType.TIMESTAMP;
import static dev.mlops4j.data.ColumnType.floats;
import static org.assertj.core.api.Assertions.assertThat;

import dev.mlops4j.data.Csv;
import dev.mlops4j.data.Dataset;
import dev.mlops4j.data.Floats;
import dev.mlops4j.data.Length;
import dev.mlops4j.data.Schema;
import dev.mlops4j.feature.EntityKey;
import dev.mlops4j.feature.FeatureSet;
import dev.mlops4j.feature.FeatureStore;
import dev.mlops4j.feature.FeatureValues;
import dev.mlops4j.feature.FeatureView;
import dev.mlops4j.feature.LookedUp;
import dev.mlops4j.feature.Target;
import dev.mlops4j.feature.TrainingSet;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Instant;
import java.time.InstantSource;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Runs the code of docs/features.md about embeddings. */
@SuppressWarnings("unused") // what is shown names its results
final class EmbeddingsGuideTest {

  // region views
  static final FeatureView ITEM =
      FeatureView.named("item")
          .key("item_id", STRING)
          .eventTime("embedded_at")
          .feature("embedding", floats(4)) // an array of four 32-bit floats
          .feature("price", FLOAT64)
          .build();

  static final FeatureView USER =
      FeatureView.named("user")
          .key("user_id", STRING)
          .eventTime("embedded_at")
          .feature("embedding", floats(4))
          .build();

  // endregion

  // region set
  record Shown(String user, String item, Instant at, boolean clicked) {}

  static final FeatureSet<Shown> CLICK =
      FeatureSet.named("click", Shown.class)
          .at(Shown::at)
          .lookup(ITEM, Shown::item) // item.embedding_0 to item.embedding_3, item.price
          .lookup(USER, Shown::user)
          .numeric("similarity", EmbeddingsGuideTest::similarity)
          .build();

  static double similarity(Shown shown, LookedUp found) {
    Floats user = found.floats("user.embedding");
    Floats item = found.floats("item.embedding");
    return user == null || item == null ? Double.NaN : user.cosineSimilarity(item);
  }

  // endregion

  // region record
  record Search(@Length(4) Floats query, String item) {}

  // endregion

  private static final Instant NOW = Instant.parse("2026-01-01T12:00:00Z");

  @TempDir Path directory;

  @Test
  void embeddingsAreLookedUpAndCompared() throws IOException {
    FeatureStore features = FeatureStore.inMemory(InstantSource.fixed(NOW));
    Path file =
        Files.writeString(
            directory.resolve("users.csv"),
            "user_id,embedded_at,embedding\nann,2026-01-01T11:00:00Z,\"[1, 0, 0, 0]\"\n");

    // region ingest
    Schema users =
        Schema.builder()
            .required("user_id", STRING)
            .required("embedded_at", TIMESTAMP)
            .optional("embedding", floats(4)) // declared: an array is never inferred
            .build();
    features.ingest(USER, Csv.options().schema(users).read(file)); // cells such as "[0.1, -2]"
    float[] encoded = {3, 0, 4, 0}; // from an encoder
    features.push(
        ITEM, Map.of("item_id", "shoe", "embedded_at", NOW, "embedding", encoded, "price", 80.0));
    FeatureValues shoe = features.get(ITEM, EntityKey.of(ITEM, "shoe"), NOW);
    Floats embedding = shoe.floats("embedding"); // null if it is missing
    // endregion

    assertThat(embedding).isEqualTo(Floats.of(3, 0, 4, 0));
    TrainingSet training =
        features.trainingSet(
            CLICK,
            List.of(new Shown("ann", "shoe", NOW, true), new Shown("nobody", "shoe", NOW, false)),
            Target.binary("clicked", Shown::clicked));
    assertThat(training.signature().names())
        .startsWith("item.embedding_0", "item.embedding_1")
        .endsWith("user.embedding_3", "similarity");
    Dataset rows = training.dataset();
    assertThat(rows.row(0).value("similarity")).isEqualTo(0.6);
    assertThat(rows.row(0).value("item.embedding_2")).isEqualTo(4.0);
    assertThat(rows.row(1).value("user.embedding_0")).isNull();
    assertThat(rows.row(1).value("similarity")).isNull();
  }
}
