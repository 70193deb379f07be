package dev.mlops4j.tracking;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.util.List;
import java.util.Map;
import java.util.regex.Pattern;
import org.junit.jupiter.api.Test;

class CommandMaskTest {

  @Test
  void theValuesOfSecretsAreMaskedAndTheRestStays() {
    CommandMask mask = new CommandMask(List.of(), List.of());
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
        .forEach((command, masked) -> assertThat(mask.mask(command)).isEqualTo(masked));
  }

  @Test
  void anArgumentIsMaskedWhollyWhereItsBoundariesAreKnown() {
    CommandMask mask = new CommandMask(List.of(), List.of());
    Map.of(
            List.of("--passphrase", "correct horse", "x"), "--passphrase *** x",
            List.of("--passphrase=correct horse", "x"), "--passphrase=*** x",
            List.of("-Dapi.key=correct horse", "x"), "-Dapi.key=*** x",
            List.of("--password", "=", "correct horse", "x"), "--password = *** x",
            List.of("-H", "X-Api-Key:", "correct horse", "x"), "-H X-Api-Key: *** x",
            List.of("--authorization", "Bearer", "abc", "-x"), "--authorization *** *** -x",
            List.of("--token", "-Abc_9", "x"), "--token *** x",
            List.of("--password", "--rows", "10"), "--password --rows 10",
            List.of("--json={\"password\" : \"a b\"}", "x"), "--json={\"password\" : ***} x",
            List.of("train", "New York.csv", "--rows", "10"), "train New York.csv --rows 10")
        .forEach((command, masked) -> assertThat(mask.mask(command)).isEqualTo(masked));
  }

  @Test
  void aSecretGoesOnUntilTheNextOptionWhereItsEndIsNotKnown() {
    CommandMask mask = new CommandMask(List.of(), List.of());
    Map.of(
            "app.Main --passphrase correct horse  battery --rows 10",
                "app.Main --passphrase *** --rows 10",
            "app.Main --passphrase=correct horse --rows 10", "app.Main --passphrase=*** --rows 10",
            "app.Main --token -Abc_9 x -v", "app.Main --token *** -v",
            "app.Main --authorization Bearer a b -v", "app.Main --authorization *** *** -v",
            "app.Main --password --rows 10", "app.Main --password --rows 10",
            "app.Main train  New York.csv", "app.Main train  New York.csv")
        .forEach((command, masked) -> assertThat(mask.maskJoined(command)).isEqualTo(masked));
  }

  @Test
  void aSecretIsMaskedHoweverItIsGiven() {
    CommandMask mask = new CommandMask(List.of(), List.of());
    for (String command :
        List.of(
            "--spring.application.json={\"spring.datasource.password\":\"hunter2\"}",
            "--json={\"password\" : \"hunter2\", \"rows\" : 10}",
            "--json={\\\"password\\\":\\\"two hunter2\\\",\\\"rows\\\":10}",
            "--json={\"token\":\"a\\\"hunter2\"}",
            "--json={'secret': 'hunter2'}",
            "secret = 'it''s hunter2'",
            "--header Authorization: Bearer hunter2 --rows 10",
            "--header=Authorization:Bearer hunter2",
            "-H Proxy-Authorization: Basic hunter2",
            "--authorization Bearer hunter2",
            "--header X-Forwarded: bearer hunter2",
            "--encryption-key=hunter2",
            "--encryptionKey=hunter2",
            "--signing-key hunter2",
            "--signing-key -hunter2",
            "--key=hunter2",
            "-key hunter2",
            "KEY: hunter2",
            "AccountName=x;AccountKey=hunter2==;Suffix=y",
            "accountkey=hunter2",
            "https://files/x?sv=1&sig=hunter2&se=2",
            "https://files/x?X-Amz-Signature=hunter2",
            "--passphrase=hunter2",
            "--password = hunter2",
            "--authToken=hunter2",
            "jdbc:postgresql://u:p@hunter2@host/x",
            "jdbc:postgresql://u:p/hunter2@host/x",
            "jdbc:postgresql://host/x?user=u&password=hunter2",
            "https://hunter2@host/x")) {
      assertThat(mask.mask("app.Main " + command + " end"))
          .startsWith("app.Main ")
          .contains("***")
          .endsWith(" end")
          .doesNotContain("hunter2");
      assertThat(mask.maskSource("CSV " + command)).doesNotContain("hunter2");
    }
  }

  @Test
  void whatIsNoSecretStays() {
    CommandMask mask = new CommandMask(List.of(), List.of());
    for (String command :
        List.of(
            "--monkey=1",
            "keyboard=us",
            "--key-column=id",
            "--key-column id",
            "--passengers=3",
            "--bypass=true",
            "--tokenizer=bert",
            "--author=ann",
            "--design=flat",
            "http://host:8080/path",
            "http://host/users/ann@v1",
            "key",
            "--token= --rows 10")) {
      assertThat(mask.mask("app.Main " + command)).isEqualTo("app.Main " + command);
    }
  }

  @Test
  void aLongWordIsLookedAtOnce() {
    String word = "a".repeat(100_000) + "@" + "://".repeat(10_000) + "key".repeat(10_000);
    assertThat(new CommandMask(List.of(), List.of()).maskSource(word)).isEqualTo(word);
  }

  @Test
  void secretsInTheSourceOfDataAreMaskedAlsoApartFromTheirNames() {
    CommandMask mask = new CommandMask(List.of("iban"), List.of());
    Map.of(
            "SQL CREATE SECRET (KEY_ID 'a', SECRET 'it''s')",
                "SQL CREATE SECRET (KEY_ID 'a', SECRET '***')",
            "SQL SELECT 1 WHERE \"api_key\" = 'abc'", "SQL SELECT 1 WHERE \"api_key\" = '***'",
            "SQL SELECT 1 WHERE iban='DE02' AND origin = 'JFK'",
                "SQL SELECT 1 WHERE iban=*** AND origin = 'JFK'",
            "Parquet s3://me:hunter2@bucket/x", "Parquet s3://***@bucket/x",
            "CSV /data/tokens/flights.csv", "CSV /data/tokens/flights.csv")
        .forEach((source, masked) -> assertThat(mask.maskSource(source)).isEqualTo(masked));
  }

  @Test
  void namesAndFormsOfOnesOwnAreMaskedAsWell() {
    CommandMask mask =
        new CommandMask(List.of("IBAN", "c.d"), List.of(Pattern.compile("\\b\\d{4}-\\d{4}\\b")));
    assertThat(mask.mask("app.Main --customer-iban=DE02 --to-Iban DE03 1234-5678 --password=x"))
        .isEqualTo("app.Main --customer-iban=*** --to-Iban *** *** --password=***");
    assertThat(mask.mask("app.Main --c.d=1 --cxd=2")).isEqualTo("app.Main --c.d=*** --cxd=2");
    assertThat(mask.mask("MY_IBAN", "DE02")).isEqualTo("***");
    assertThat(mask.mask("NUMBER", "a 1234-5678")).isEqualTo("a ***");
    assertThat(mask.mask("OMP_NUM_THREADS", "2")).isEqualTo("2");
  }

  @Test
  void whatWouldMaskEverythingIsRefused() {
    TrackingOptions.Builder options = TrackingOptions.builder();
    assertThatThrownBy(() -> options.maskNames("iban", " "))
        .isInstanceOf(IllegalArgumentException.class);
    assertThatThrownBy(() -> options.maskPatterns(Pattern.compile("x*")))
        .isInstanceOf(IllegalArgumentException.class);
    assertThatThrownBy(() -> options.variables("")).isInstanceOf(IllegalArgumentException.class);
  }
}
