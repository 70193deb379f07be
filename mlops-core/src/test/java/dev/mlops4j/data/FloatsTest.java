package dev.mlops4j.data;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assertions.within;

import java.nio.BufferOverflowException;
import java.nio.BufferUnderflowException;
import java.nio.ByteBuffer;
import java.util.HexFormat;
import org.junit.jupiter.api.Test;

class FloatsTest {

  @Test
  void aChangeOfTheArrayGivenOrTakenIsNotSeen() {
    float[] given = {1, 2};
    Floats floats = Floats.of(given);
    given[0] = 7;
    floats.toArray()[1] = 7;

    assertThat(floats.toArray()).containsExactly(1, 2);
    assertThat(floats.at(0)).isEqualTo(1);
    assertThat(floats.length()).isEqualTo(2);
    assertThatThrownBy(() -> floats.at(2)).isInstanceOf(IndexOutOfBoundsException.class);
  }

  @Test
  void allNansAreOneValueAndZerosAreTwo() {
    Floats other = Floats.of(Float.intBitsToFloat(0x7fc00123), 0);

    assertThat(other).isEqualTo(Floats.of(Float.NaN, 0)).hasSameHashCodeAs(Floats.of(Float.NaN, 0));
    assertThat(other).isNotEqualTo(Floats.of(Float.NaN, -0.0f)).isNotEqualTo(Floats.of(Float.NaN));
    assertThat(Floats.of(0.5f, -1)).hasToString("[0.5, -1.0]");
  }

  @Test
  void bytesAreLittleEndianWhateverTheBuffersOrder() {
    ByteBuffer bytes = ByteBuffer.allocate(14);
    Floats floats = Floats.of(1.5f, -0.0f, Float.intBitsToFloat(0x7fc00123));

    floats.write(bytes.put((byte) 9));

    assertThat(bytes.position()).isEqualTo(13);
    assertThat(HexFormat.of().formatHex(bytes.array())).isEqualTo("090000c03f000000802301c07f00");
    ByteBuffer from = bytes.position(1);
    Floats back = Floats.read(from, 3);
    assertThat(from.position()).isEqualTo(13);
    assertThat(Float.floatToRawIntBits(back.at(2))).isEqualTo(0x7fc00123);
    assertThat(back).isEqualTo(floats);
    assertThatThrownBy(() -> Floats.read(from, 1)).isInstanceOf(BufferUnderflowException.class);
    assertThatThrownBy(() -> floats.write(from)).isInstanceOf(BufferOverflowException.class);
    assertThat(from.position()).isEqualTo(13);
  }

  /** The cosine was computed with Python's doubles. */
  @Test
  void similarityIsTheCosineOfTheAngle() {
    Floats one = Floats.of(0.25f, -1.5f, 3);

    assertThat(one.dot(Floats.of(4, 2, 1))).isEqualTo(1.0);
    assertThat(one.norm()).isEqualTo(Math.sqrt(11.3125));
    assertThat(one.cosineSimilarity(Floats.of(4, 2, 1)))
        .isCloseTo(0.06488003216752793, within(1e-15));
    assertThat(one.cosineSimilarity(Floats.of(0.5f, -3, 6))).isCloseTo(1, within(1e-15));
    assertThat(one.cosineSimilarity(Floats.of(0, 0, 0))).isNaN();
    assertThatThrownBy(() -> one.dot(Floats.of(1)))
        .isInstanceOf(IllegalArgumentException.class)
        .hasMessage("arrays are of one length, found 3 and 1");
  }

  @Test
  void thereIsOneTypeOfALength() {
    assertThat(ColumnType.floats(64)).isSameAs(ColumnType.floats(64)).hasToString("FLOATS(64)");
    assertThat(ColumnType.floats(64)).isNotEqualTo(ColumnType.floats(63));
    assertThat(ColumnType.floats(64).length()).isEqualTo(64);
    assertThat(ColumnType.floats(64).javaType()).isEqualTo(Floats.class);
    assertThat(ColumnType.valueOf("FLOATS(64)")).isSameAs(ColumnType.floats(64));
    assertThat(ColumnType.valueOf("TIMESTAMP")).isSameAs(ColumnType.TIMESTAMP);
    for (String wrong : new String[] {"FLOATS", "FLOATS(0)", "FLOATS(65537)", "FLOATS(-1)", ""}) {
      assertThatThrownBy(() -> ColumnType.valueOf(wrong))
          .isInstanceOf(IllegalArgumentException.class)
          .hasMessage("there is no type of columns \"" + wrong + "\"");
    }
    for (int wrong : new int[] {0, -1, 65_537}) {
      assertThatThrownBy(() -> ColumnType.floats(wrong))
          .isInstanceOf(SchemaException.class)
          .hasMessage("an array of floats has from 1 to 65536 elements, found " + wrong);
    }
  }
}
