package dev.mlops4j.tribuo;

import static org.assertj.core.api.Assertions.assertThat;

import dev.mlops4j.model.Signature;
import dev.mlops4j.model.Signature.Input;
import dev.mlops4j.model.Signature.Output;
import java.io.IOException;
import java.util.List;
import org.junit.jupiter.api.Test;

class EncodingJsonTest {

  private static final Signature SIGNATURE =
      new Signature(
          List.of(
              Input.numeric("distance"),
              Input.numeric("wind_speed"),
              Input.categorical("carrier", List.of("AA", "UA"))),
          Output.binary("late"));

  private static final List<InputEncoding> ENCODINGS =
      List.of(
          new InputEncoding(SIGNATURE.inputs().get(0), 1048.36, 735.9, false),
          new InputEncoding(SIGNATURE.inputs().get(1), -0.1, 1e-5, true),
          new InputEncoding(SIGNATURE.inputs().get(2), 0, 1, true));

  @Test
  void formatOneIsReadForever() throws IOException {
    assertThat(EncodingJson.read(formatOne(), SIGNATURE)).isEqualTo(ENCODINGS);
  }

  @Test
  void formatOneIsWhatIsWritten() throws IOException {
    assertThat(EncodingJson.write(ENCODINGS, TargetScale.NONE)).isEqualTo(formatOne());
  }

  private static byte[] formatOne() throws IOException {
    try (var in = EncodingJsonTest.class.getResourceAsStream("encoding-1.json")) {
      return in.readAllBytes();
    }
  }
}
