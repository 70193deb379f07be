package dev.mlops4j.pipeline;

import dev.mlops4j.MlopsException;
import java.util.List;

/** Some elements of a step for each failed: the cause is the first's failure, others suppressed. */
public final class ItemsFailedException extends MlopsException {

  private static final long serialVersionUID = 1L;

  private static final int SHOWN = 10;

  private final transient List<String> items;

  ItemsFailedException(String step, int all, List<String> items, List<Throwable> failures) {
    super(
        items.size()
            + " of the "
            + all
            + " elements of step \""
            + step
            + "\" failed: "
            + String.join(", ", items.subList(0, Math.min(SHOWN, items.size())))
            + (items.size() > SHOWN ? ", ..." : "")
            + "; the first: "
            + failures.get(0),
        failures.get(0));
    this.items = List.copyOf(items);
    failures.stream().skip(1).limit(SHOWN).forEach(this::addSuppressed);
  }

  /** The names of those that failed. */
  public List<String> items() {
    return items;
  }
}
