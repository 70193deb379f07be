package dev.mlops4j.feature;

/**
 * A view under another name, so that a feature set can look it up more than once, such as the
 * weather at the origin and at the destination.
 *
 * @param view the view
 * @param alias what its features are named after: {@code alias.feature}
 */
public record AliasedView(FeatureView view, String alias) {

  /**
   * Checks the alias.
   *
   * @throws FeatureDefinitionException if it is blank or has control characters
   */
  public AliasedView {
    Names.check("the alias of view \"" + view.name() + "\"", alias);
  }
}
