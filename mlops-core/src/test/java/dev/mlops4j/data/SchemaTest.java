package dev.mlops4j.data;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.util.List;
import org.junit.jupiter.api.Test;

class SchemaTest {

  @Test
  void findsColumnsByName() {
    Schema schema =
        Schema.builder()
            .required("origin", ColumnType.STRING)
            .optional("passenger", ColumnType.STRING)
            .sensitive("passenger")
            .build();

    assertThat(schema.names()).containsExactly("origin", "passenger");
    assertThat(schema.indexOf("passenger")).isEqualTo(1);
    assertThat(schema.find("nobody")).isEmpty();
    assertThat(schema.contains("origin")).isTrue();
    assertThat(schema.sensitive()).containsExactly("passenger");
    assertThat(schema.field("origin"))
        .isEqualTo(new Field("origin", ColumnType.STRING, true, false));
    assertThat(schema).isEqualTo(Schema.of(schema.fields()));
  }

  @Test
  void refusesANameGivenTwice() {
    Schema.Builder builder =
        Schema.builder().required("a", ColumnType.INT64).optional("a", ColumnType.STRING);

    assertThatThrownBy(builder::build)
        .isInstanceOf(SchemaException.class)
        .hasMessage("column \"a\" is declared twice");
  }

  @Test
  void refusesABlankName() {
    assertThatThrownBy(() -> Schema.builder().required(" ", ColumnType.INT64))
        .isInstanceOf(SchemaException.class)
        .hasMessage("a column needs a name, found \" \"");
  }

  @Test
  void refusesToMarkAColumnThatIsNotThere() {
    assertThatThrownBy(() -> Schema.builder().required("a", ColumnType.INT64).sensitive("b"))
        .isInstanceOf(SchemaException.class)
        .hasMessage("no column \"b\"; there are: a");
  }

  @Test
  void isReadBackFromItsJson() {
    Schema schema =
        Schema.builder()
            .required("origin \"o'x\" \u0000\n Größe \uD83D\uDE00 \uD83D", ColumnType.STRING)
            .optional("embedding", ColumnType.floats(64))
            .optional("passenger", ColumnType.STRING)
            .sensitive("passenger")
            .build();

    assertThat(Schema.ofJson(schema.toJson())).isEqualTo(schema);
    assertThat(schema.toJson()).matches("[ -~]+");
    assertThat(Schema.ofJson("[]").size()).isZero();
    assertThat(Schema.builder().optional("a", ColumnType.INT64).build().toJson())
        .isEqualTo("[{\"name\":\"a\",\"type\":\"INT64\"}]");
  }

  @Test
  void refusesJsonThatIsNoSchema() {
    String column = "{\"name\":\"a\",\"type\":\"INT64\"}";
    for (String wrong :
        List.of(
            "",
            "{}",
            "[",
            "[1]",
            "[{}]",
            "[" + column + "] 1",
            "[" + column + "," + column + "]",
            "[{\"name\":\"a\"}]",
            "[{\"name\":\" \",\"type\":\"INT64\"}]",
            "[{\"name\":\"a\",\"type\":\"INT65\"}]",
            "[{\"name\":\"a\",\"type\":7}]",
            "[{\"name\":\"a\",\"type\":\"INT64\",\"required\":1}]",
            "[{\"name\":\"a\",\"name\":\"b\",\"type\":\"INT64\"}]",
            "[{\"name\":\"a\",\"type\":\"INT64\",\"more\":1}]")) {
      assertThatThrownBy(() -> Schema.ofJson(wrong)).as(wrong).isInstanceOf(SchemaException.class);
    }
  }
}
