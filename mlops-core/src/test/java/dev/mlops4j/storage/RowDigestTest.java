package dev.mlops4j.storage;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;

import dev.mlops4j.Digest;
import java.math.BigInteger;
import java.nio.ByteBuffer;
import java.security.MessageDigest;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.Collections;
import java.util.HashSet;
import java.util.List;
import java.util.Random;
import java.util.Set;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;

class RowDigestTest {

  private static final BigInteger MODULUS = BigInteger.ONE.shiftLeft(256);

  @Test
  void isTheSumOfTheRowsDigestsInWhateverOrderTheyCome() {
    Random random = new Random(7);
    List<List<Object>> rows = new ArrayList<>();
    for (int i = 0; i < 1_000; i++) {
      rows.add(List.of(random.nextLong(), "row " + random.nextInt(50)));
    }
    BigInteger sum = BigInteger.ZERO;
    for (List<Object> row : rows) {
      sum = sum.add(sumOf(row)).mod(MODULUS);
    }
    RowDigest digest = of(rows);
    Collections.shuffle(rows, random);
    assertThat(of(rows).digest()).isEqualTo(digest.digest());
    assertThat(digest.digest()).isEqualTo(Digest.of(bytes(sum)));
    assertThat(digest.rows()).isEqualTo(1_000);
  }

  @Test
  void rowsThatDifferInAnythingHaveOtherDigests() {
    List<List<@Nullable Object>> rows =
        List.of(
            row(),
            row((Object) null),
            row(null, null),
            row(""),
            row("", null),
            row(null, ""),
            row("a", "bc"),
            row("ab", "c"),
            row("n"),
            row(0L),
            row(0.0),
            row(1L),
            row(1.0),
            row("1"),
            row((Object) new byte[] {'1'}),
            row((Object) new byte[0]),
            row(Double.POSITIVE_INFINITY),
            row(Double.NEGATIVE_INFINITY),
            row(Double.MIN_VALUE),
            row(Long.MIN_VALUE));
    Set<Digest> digests = new HashSet<>();
    rows.forEach(row -> digests.add(of(List.of(row)).digest()));
    assertThat(digests).hasSize(rows.size());
    assertThat(of(List.of(row("a"), row("a"))).digest()).isNotEqualTo(of(List.of()).digest());
  }

  @Test
  void aNegativeZeroIsZeroAsSqliteKeepsNone() {
    assertThat(of(List.of(row(-0.0))).digest()).isEqualTo(of(List.of(row(0.0))).digest());
  }

  @Test
  void theLayoutOfTablesIsReadFromTheirSteps() {
    Migration first =
        new Migration(
            1,
            1,
            dialect ->
                List.of(
                    "CREATE TABLE b (no " + dialect.identity() + ", t TEXT, r DOUBLE PRECISION)",
                    "CREATE INDEX b_by_t ON b (t)",
                    "CREATE TABLE a (k BIGINT REFERENCES b (no), v " + dialect.bytes() + ")",
                    "CREATE VIEW c AS SELECT t FROM b"));
    Migration second = Migration.of(2, "ALTER TABLE a ADD COLUMN more TEXT");

    List<TableLayout> tables = TableLayout.of(List.of(first, second));

    assertThat(tables).extracting(TableLayout::name).containsExactly("b", "a");
    assertThat(tables.get(0).identity()).isEqualTo("no");
    assertThat(tables.get(1).identity()).isNull();
    assertThat(tables.get(1).select()).isEqualTo("SELECT k, v, more FROM a");
    assertThat(tables.get(1).insert()).isEqualTo("INSERT INTO a (k, v, more) VALUES (?, ?, ?)");
    assertThat(tables.get(0).columns())
        .extracting(TableLayout.Column::kind)
        .containsExactly(TableLayout.Kind.WHOLE, TableLayout.Kind.TEXT, TableLayout.Kind.REAL);
    assertThat(TableLayout.of(List.of(first)).get(1).columns()).hasSize(2);
  }

  private static RowDigest of(List<? extends List<? extends @Nullable Object>> rows) {
    RowDigest digest = new RowDigest();
    rows.forEach(digest::add);
    return digest;
  }

  /** The form of a row, written down once more. */
  private static BigInteger sumOf(List<Object> row) {
    MessageDigest sha256 = Digest.sha256();
    ByteBuffer number = ByteBuffer.allocate(9);
    sha256.update(number.put((byte) 'i').putLong((Long) row.get(0)).array());
    byte[] text = ((String) row.get(1)).getBytes(UTF_8);
    sha256.update(number.clear().put((byte) 't').putLong(text.length).array());
    sha256.update(text);
    return new BigInteger(1, sha256.digest());
  }

  private static byte[] bytes(BigInteger number) {
    byte[] magnitude = number.toByteArray();
    byte[] bytes = new byte[32];
    int length = Math.min(32, magnitude.length);
    System.arraycopy(magnitude, magnitude.length - length, bytes, 32 - length, length);
    return bytes;
  }

  private static List<@Nullable Object> row(@Nullable Object... values) {
    return Arrays.asList(values);
  }
}
