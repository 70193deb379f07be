package dev.mlops4j.feature;

/**
 * A store holds a view of this name with another definition. Nothing was changed; give the new
 * definition another name, such as {@code weather_v2}, and ingest it anew.
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
            + "\nnothing was changed; give the new definition another name and ingest it anew");
    this.view = view;
  }

  /** The name of the view. */
  public String view() {
    return view;
  }
}
