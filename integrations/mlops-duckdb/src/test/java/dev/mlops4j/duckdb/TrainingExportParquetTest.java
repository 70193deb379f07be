package dev.mlops4j.duckdb;

import static org.assertj.core.api.Assertions.assertThat;

import dev.mlops4j.Digest;
import dev.mlops4j.data.Dataset;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class TrainingExportParquetTest {

  @TempDir Path directory;

  @Test
  void theRowsAreAParquetFileThatTheManifestDescribes() throws IOException {
    Flights.export().write(directory, Parquet.TRAINING);

    Path file = directory.resolve("data.parquet");
    Dataset rows = Flights.training().dataset().columns("distance", "carrier", "late", "asked_at");
    assertThat(Parquet.read(file).digest()).isEqualTo(rows.digest());
    assertThat(Files.readString(directory.resolve("manifest.json")))
        .contains("\"file\" : \"data.parquet\"")
        .contains(Digest.of(Files.readAllBytes(file)).hex())
        .contains(rows.digest().hex());
  }
}
