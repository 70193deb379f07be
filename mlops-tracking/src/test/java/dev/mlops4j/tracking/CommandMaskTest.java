package dev.mlops4j.tracking;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.Map;
import org.junit.jupiter.api.Test;

class CommandMaskTest {

  @Test
  void theValuesOfSecretsAreMaskedAndTheRestStays() {
    Map.of(
            "app.Main --db.password=hunter2 --rows=10", "app.Main --db.password=*** --rows=10",
            "app.Main --password hunter2 --rows 10", "app.Main --password *** --rows 10",
            "app.Main -Dapi.key=abc", "app.Main -Dapi.key=***",
            "app.Main API_KEY=abc x", "app.Main API_KEY=*** x",
            "app.Main --token \"two words\" end", "app.Main --token *** end",
            "app.Main client-secret:abc", "app.Main client-secret:***",
            "app.Main jdbc:postgresql://me:hunter2@db/x", "app.Main jdbc:postgresql://***@db/x",
            "app.Main --AWS_SECRET_ACCESS_KEY=abc", "app.Main --AWS_SECRET_ACCESS_KEY=***",
            "app.Main --password --rows 10", "app.Main --password --rows 10",
            "app.Main train flights.csv", "app.Main train flights.csv")
        .forEach((command, masked) -> assertThat(CommandMask.mask(command)).isEqualTo(masked));
  }
}
