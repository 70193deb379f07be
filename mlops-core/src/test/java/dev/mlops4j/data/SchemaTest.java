package dev.mlops4j.data;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

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
}
