package dev.mlops4j.examples.flights;

/** The flights example from start to end; it holds the place of the whole program for now. */
public final class FlightsQuickstart {
  private FlightsQuickstart() {}

  /**
   * Runs the example.
   *
   * @param args the directory of the workspace, and nothing else
   */
  public static void main(String[] args) {
    System.out.println("The flights example will use the workspace " + args[0]);
  }
}
