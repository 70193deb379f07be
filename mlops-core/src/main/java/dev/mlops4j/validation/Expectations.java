package dev.mlops4j.validation;

import dev.mlops4j.data.ColumnType;
import dev.mlops4j.data.Dataset;
import dev.mlops4j.data.Field;
import dev.mlops4j.data.Schema;
import dev.mlops4j.profile.DatasetProfile;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.function.Consumer;

/**
 * What a dataset must be like before anything is learnt from it. Immutable, safe for any number of
 * threads.
 *
 * <pre>{@code
 * Expectations.named("flights")
 *     .rowCount(1_000, 500_000)
 *     .column("distance", c -> c.nullShareAtMost(0).between(0, 6000))
 *     .column("carrier", c -> c.oneOf("AA", "UA", "DL"))
 *     .column("scheduled_departure", c -> c.inPeriod(from, to).freshWithin(Duration.ofDays(1), clock))
 *     .column(Severity.WARN, "pressure", c -> c.nullShareAtMost(0.1))
 *     .column(Severity.WARN, "wind_speed", c -> c.against(lastMonth, r -> r.distanceAtMost(0.1)))
 *     .unique("scheduled_departure", "carrier", "flight", "origin")
 *     .build()
 *     .check(flights)
 *     .orThrow();
 * }</pre>
 */
public final class Expectations {

  private final String name;
  private final Map<String, Severity> columns;
  private final List<Expectation> expectations;

  private Expectations(String name, Map<String, Severity> columns, List<Expectation> expectations) {
    this.name = name;
    this.columns = columns;
    this.expectations = expectations;
  }

  /**
   * Starts expectations of data of this name, under which the report speaks of them.
   *
   * @throws IllegalArgumentException if the name is blank
   */
  public static Builder named(String name) {
    return new Builder(name);
  }

  /**
   * Suggests expectations by what a reference is like, such as the profile of the data that the
   * model in production was trained on; {@link SuggestedExpectations} has the rules.
   *
   * @param name the name that the expectations get
   * @throws IllegalArgumentException if the name is blank
   */
  public static SuggestedExpectations suggest(String name, DatasetProfile reference) {
    Builder unused = named(name); // refuses a blank one
    return SuggestedExpectations.of(name, reference);
  }

  /** The name. */
  public String name() {
    return name;
  }

  /**
   * Checks all expectations, whichever fail. A column that is asked about and is not there is a
   * violation of its own; what was asked about its values is not checked, everything else is.
   */
  public ValidationReport check(Dataset dataset) {
    List<ExpectationResult> results = new ArrayList<>();
    columns.forEach(
        (column, severity) -> results.add(Expectation.presence(severity, column, dataset)));
    for (Expectation expectation : expectations) {
      results.add(expectation.result(dataset));
    }
    return new ValidationReport(name, dataset.rowCount(), results);
  }

  /**
   * Collects expectations. Those without a {@link Severity} are failures. Not safe for use by
   * several threads.
   */
  public static final class Builder {

    private final String name;
    private final Map<String, Severity> columns = new LinkedHashMap<>();
    private final List<Expectation> expectations = new ArrayList<>();

    private Builder(String name) {
      if (name.isBlank()) {
        throw new IllegalArgumentException("expectations need a name, found \"" + name + "\"");
      }
      this.name = name;
    }

    /**
     * The number of rows, both ends included.
     *
     * @throws IllegalArgumentException if {@code least} is negative or greater than {@code most}
     */
    public Builder rowCount(int least, int most) {
      return rowCount(Severity.FAIL, least, most);
    }

    /** As {@link #rowCount(int, int)}, with a severity. */
    public Builder rowCount(Severity severity, int least, int most) {
      if (least < 0 || least > most) {
        throw new IllegalArgumentException(
            "rowCount takes 0 <= least <= most, found " + least + " and " + most);
      }
      expectations.add(
          new Expectation(
              severity,
              null,
              "between " + least + " and " + most + " rows",
              data ->
                  Finding.of(
                      data.rowCount() >= least && data.rowCount() <= most,
                      data.rowCount() + " rows")));
      return this;
    }

    /** That these columns are there. */
    public Builder columns(String... names) {
      for (String column : names) {
        mention(Severity.FAIL, column);
      }
      return this;
    }

    /** That the columns of this schema are there, of its types, the required ones without gaps. */
    public Builder schema(Schema schema) {
      for (Field field : schema.fields()) {
        column(field.name(), c -> expect(c, field.type(), field.required()));
      }
      return this;
    }

    /** That a column is there, and what its values are like. */
    public Builder column(String column, Consumer<? super ColumnExpectations> values) {
      return column(Severity.FAIL, column, values);
    }

    /** As {@link #column(String, Consumer)}, with a severity. */
    public Builder column(
        Severity severity, String column, Consumer<? super ColumnExpectations> values) {
      mention(severity, column);
      values.accept(new ColumnExpectations(severity, column, expectations));
      return this;
    }

    /**
     * That no two rows have the same values in all these columns. A missing value counts as equal
     * to another missing one.
     *
     * @throws IllegalArgumentException if no column is given
     */
    public Builder unique(String... key) {
      return unique(Severity.FAIL, key);
    }

    /** As {@link #unique(String...)}, with a severity. */
    public Builder unique(Severity severity, String... key) {
      if (key.length == 0) {
        throw new IllegalArgumentException("unique takes at least one column, found none");
      }
      List<String> columns = List.of(key);
      expectations.add(
          new Expectation(
              severity,
              null,
              "unique by " + String.join(", ", columns),
              data -> UniqueKey.check(data, columns)));
      return this;
    }

    /**
     * The expectations.
     *
     * @throws IllegalStateException if there are none
     */
    public Expectations build() {
      if (columns.isEmpty() && expectations.isEmpty()) {
        throw new IllegalStateException(
            "expectations \"" + name + "\" expect nothing; add rowCount, column or unique");
      }
      return new Expectations(name, new LinkedHashMap<>(columns), List.copyOf(expectations));
    }

    private void mention(Severity severity, String column) {
      columns.merge(column, severity, (a, b) -> a.compareTo(b) >= 0 ? a : b);
    }

    private static void expect(ColumnExpectations column, ColumnType type, boolean required) {
      column.type(type);
      if (required) {
        column.nullShareAtMost(0);
      }
    }
  }
}
