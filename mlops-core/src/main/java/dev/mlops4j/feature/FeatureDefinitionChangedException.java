package dev.mlops4j.feature;

/**
 * A store holds a view of this name, but not with this definition. Nothing was changed; use the
 * definition that is stored, or have the other one taken up as the next version of its name with
 * {@link FeatureStore#register}: it begins without events.
 */
public class FeatureDefinitionChangedException extends FeatureDefinitionException {

  private static final long serialVersionUID = 1L;

  private final String view;

  /** Creates an exception for this view, with the lines of the definition that differ. */
  public FeatureDefinitionChangedException(String view, String difference) {
    super(
        "view \""
            + view
            + "\" is stored with another definition than the one given:\n"
            + difference
            + "\nnothing was changed; use the stored definition, or make the given one the next version"
            + " of the view with register(view) and take its events in anew");
    this.view = view;
  }

  /** The name of the view. */
  public String view() {
    return view;
  }
}
