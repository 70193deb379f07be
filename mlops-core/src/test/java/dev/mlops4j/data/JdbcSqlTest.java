package dev.mlops4j.data;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class JdbcSqlTest {

  @Test
  void placesAreBoundWhereverTheyStand() {
    JdbcSql sql = JdbcSql.of("SELECT :to,t FROM x WHERE t>=:from AND t <:to OR :from IS NULL");

    assertThat(sql.positional()).isEqualTo("SELECT ?,t FROM x WHERE t>=? AND t <? OR ? IS NULL");
    assertThat(sql.places()).containsExactly("to", "from", "to", "from");
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "SELECT ':from'",
        "SELECT 'it''s :from'",
        "SELECT E'it\\'s :from'",
        "SELECT e'a''b\\' :from ?'",
        "SELECT 'a\\'",
        "SELECT \":from\" FROM \"a\"\":to\"",
        "SELECT `:from ?`",
        "SELECT 1 -- :from ?",
        "SELECT 1 -- :from ?\n, 2",
        "SELECT /* :from ? */ 1",
        "SELECT /* /* :from */ :to */ 1",
        "SELECT $$ :from $$",
        "SELECT $tag$ :from $$ :to $tag$",
        "SELECT x::to FROM y",
        "SELECT x ::timestamp::date",
        "SELECT a[1:to], b:from, c['x']:from, (d):to",
        "SELECT x ?? 'key'",
        "SELECT {'a':b}, a := 1, :",
        "SELECT 'never ended :from",
        "SELECT /* never ended :from",
        "SELECT $$ never ended :from",
        ""
      })
  void whatIsQuotedACommentOrACastIsLeftAsItIs(String text) {
    JdbcSql sql = JdbcSql.of(text);

    assertThat(sql.positional()).isEqualTo(text);
    assertThat(sql.places()).isEmpty();
  }

  @Test
  void placesBesideWhatIsQuotedAreFound() {
    JdbcSql sql =
        JdbcSql.of(
            "SELECT 'a\\' , :from, \"b\", :to::date, $1 -- '\n, :from /* ' */ , :to, a$b$, :from,"
                + " type'x', :to");

    assertThat(sql.places()).containsExactly("from", "to", "from", "to", "from", "to");
    assertThat(sql.positional()).contains("?::date");
  }

  @Test
  void otherPlacesAreRefusedAtOnce() {
    assertThatThrownBy(() -> JdbcSql.of("SELECT :fromage"))
        .isInstanceOf(IllegalArgumentException.class)
        .hasMessage(
            "nothing fills the place :fromage at character 7 of the statement; there are :from and"
                + " :to");
    assertThatThrownBy(() -> JdbcSql.of("SELECT ?"))
        .isInstanceOf(IllegalArgumentException.class)
        .hasMessageContaining("the place ? at character 7");
  }
}
