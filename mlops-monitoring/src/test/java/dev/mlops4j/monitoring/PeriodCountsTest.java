package dev.mlops4j.monitoring;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.mlops4j.monitoring.ReferenceColumn.Shape;
import java.io.IOException;
import java.util.Arrays;
import java.util.List;
import org.junit.jupiter.api.Test;

class PeriodCountsTest {

  private static final List<ReferenceColumn> COLUMNS =
      List.of(
          ReferenceColumn.categories(
              "colour", AlertKind.FEATURE_DRIFT, List.of("blue", "green"), List.of()),
          ReferenceColumn.outcome("late", AlertKind.CALIBRATION, Shape.GAP));

  @Test
  void formatOneIsReadForever() throws IOException {
    PeriodCounts counts = PeriodCounts.read(formatOne(), COLUMNS).orElseThrow();

    assertThat(counts.rows).isEqualTo(7);
    assertThat(counts.labelled()).isEqualTo(3);
    assertThat(counts.versions).containsEntry(1, 4L).containsEntry(3, 3L).hasSize(2);
    assertThat(counts.columns[0].rows).isEqualTo(7);
    assertThat(counts.columns[0].missing).isEqualTo(1);
    assertThat(counts.columns[0].unseen).isEqualTo(2);
    assertThat(counts.columns[0].counts).containsExactly(3, 1);
    assertThat(counts.columns[1].rows).isEqualTo(3);
    assertThat(counts.columns[1].predicted).isEqualTo(0.75);
    assertThat(counts.columns[1].counts).containsExactly(2, 1);
    assertThat(counts.predictions()).containsExactly(0.25, Double.POSITIVE_INFINITY);
    assertThat(counts.labels()).containsExactly(0, 1);
  }

  @Test
  void whatCannotBeStoredInOnePieceIsRefusedInWords() {
    // Eleven million labelled predictions of 25 classes.
    long length = 11_000_000L * 26 * Double.BYTES;
    assertThatThrownBy(() -> PeriodCounts.stored(length, 11_000_000))
        .isInstanceOf(MonitoringException.class)
        .hasMessageContaining("11000000 labelled predictions would have 2288000000 bytes")
        .hasMessageContaining("make windows shorter");
    assertThat(PeriodCounts.stored(2_000_000_000L, 1)).isEqualTo(2_000_000_000);
    assertThat(PeriodCounts.grown(0)).isEqualTo(64);
    assertThat(PeriodCounts.grown(1 << 20)).isEqualTo(1 << 21);
    assertThat(PeriodCounts.grown(1 << 30)).isEqualTo(PeriodCounts.MOST);
    assertThatThrownBy(() -> PeriodCounts.grown(PeriodCounts.MOST))
        .isInstanceOf(MonitoringException.class)
        .hasMessageContaining("spans(...) of fewer windows");
  }

  @Test
  void formatOneIsWhatIsWritten() throws IOException {
    PeriodCounts counts = PeriodCounts.read(formatOne(), COLUMNS).orElseThrow();

    assertThat(counts.toBytes()).isEqualTo(formatOne());
  }

  @Test
  void whatIsCutOffOrOfAnotherFormatOrOfOtherColumnsIsCountedAgain() throws IOException {
    byte[] bytes = formatOne();
    for (int length = 0; length < bytes.length; length++) {
      assertThat(PeriodCounts.read(Arrays.copyOf(bytes, length), COLUMNS)).isEmpty();
    }
    assertThat(PeriodCounts.read(bytes, COLUMNS.subList(0, 1))).isEmpty();
    bytes[0] = 2;
    assertThat(PeriodCounts.read(bytes, COLUMNS)).isEmpty();
  }

  private static byte[] formatOne() throws IOException {
    try (var in = PeriodCountsTest.class.getResourceAsStream("period-counts-1.bin")) {
      return in.readAllBytes();
    }
  }
}
