package dev.mlops4j.report;

import java.util.HashSet;
import java.util.List;
import java.util.Set;

/**
 * Steps and which of them come after which, as boxes and arrows. Immutable.
 *
 * @param title what is shown; what a screen reader calls the picture
 * @param nodes the boxes, each after those it comes after
 */
public record FlowChart(String title, List<Node> nodes) {

  /**
   * Copies the list.
   *
   * @throws IllegalArgumentException if two nodes have one name, or one comes after another that is
   *     not before it in the list
   */
  public FlowChart {
    nodes = List.copyOf(nodes);
    Set<String> before = new HashSet<>();
    for (Node node : nodes) {
      if (!before.containsAll(node.after())) {
        throw new IllegalArgumentException(
            "\""
                + node.name()
                + "\" is after "
                + node.after()
                + ", not all of which are before it");
      }
      if (!before.add(node.name())) {
        throw new IllegalArgumentException("two nodes are named \"" + node.name() + "\"");
      }
    }
  }

  /** How a box is drawn. Colours alone say nothing: the note must say it too. */
  public enum Tone {
    /** Like any other. */
    PLAIN,
    /** Done as it should be. */
    GOOD,
    /** There already. */
    REUSED,
    /** Something to do. */
    ALERT,
    /** Left out. */
    FADED
  }

  /**
   * One box.
   *
   * @param name stands in it, shortened if it is long
   * @param note stands below the name
   * @param after the names of those from which arrows lead to it
   */
  public record Node(Tone tone, String name, String note, List<String> after) {

    /** Copies the list. */
    public Node {
      after = List.copyOf(after);
    }
  }
}
