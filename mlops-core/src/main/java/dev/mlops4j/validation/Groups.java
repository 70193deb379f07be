package dev.mlops4j.validation;

import dev.mlops4j.report.Printable;
import java.util.ArrayList;
import java.util.List;

/** Values of a reference and of data, counted in the same groups. */
final class Groups {

  private final List<String> names = new ArrayList<>();
  private final List<Long> reference = new ArrayList<>();
  private final List<Long> data = new ArrayList<>();

  /** Adds a group; one that neither has values in is left out. */
  void add(String name, long inReference, long inData) {
    if (inReference + inData > 0) {
      names.add(name);
      reference.add(inReference);
      data.add(inData);
    }
  }

  /**
   * How far they are apart.
   *
   * @param what the name of the measure
   * @param bound what is allowed
   */
  Finding compare(String what, double bound) {
    TotalVariation apart = TotalVariation.of(counts(reference), counts(data));
    Outcome outcome = apart.against(bound);
    StringBuilder found = new StringBuilder();
    if (apart.from() > 0 && apart.to() > 0) {
      int widest = apart.widest();
      found.append(what).append(' ').append(share(apart.distance()));
      found.append("; share of ").append(Printable.of(names.get(widest))).append(": ");
      found.append(share((double) data.get(widest) / apart.to()));
      found.append(", in the reference ");
      found.append(share((double) reference.get(widest) / apart.from()));
    }
    if (outcome == Outcome.NOT_ENOUGH_ROWS) {
      found.append(found.isEmpty() ? "" : "; ").append("too few to tell: ").append(apart.to());
      found.append(", and ").append(apart.from()).append(" in the reference");
      if (apart.from() > 0 && apart.to() > 0) {
        found.append("; chance alone may give ").append(share(apart.chance()));
      }
    }
    return new Finding(outcome, found.toString(), 0, List.of());
  }

  private static long[] counts(List<Long> counts) {
    return counts.stream().mapToLong(Long::longValue).toArray();
  }

  static String share(double share) {
    return Finding.rounded(share);
  }
}
