package dev.mlops4j.feature;

import java.util.List;

/** The canonical text of a feature set: a line an item, names quoted, then its views' own texts. */
final class SetDefinition {

  private static final String FORM = "feature-set 1";

  private SetDefinition() {}

  static <T> String of(String name, List<SetFeature<T>> features, List<SetLookup<T>> lookups) {
    StringBuilder text = new StringBuilder(FORM).append('\n');
    text.append("name ").append(ViewDefinition.quoted(name)).append('\n');
    for (SetFeature<T> feature : features) {
      text.append("feature ")
          .append(ViewDefinition.quoted(feature.name))
          .append(' ')
          .append(feature.type)
          .append(' ')
          .append(feature.source)
          .append(" version ")
          .append(feature.version)
          .append(" tolerance ")
          .append(feature.tolerance)
          .append('\n');
    }
    for (SetLookup<T> lookup : lookups) {
      text.append("lookup ")
          .append(ViewDefinition.quoted(lookup.alias()))
          .append('\n')
          .append(lookup.view().definition());
    }
    return text.toString();
  }
}
