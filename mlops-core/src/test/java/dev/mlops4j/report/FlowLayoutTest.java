package dev.mlops4j.report;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.within;

import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Random;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class FlowLayoutTest {

  private static final double WIDTH = 100;

  @ParameterizedTest
  @ValueSource(longs = {1, 2, 3, 4, 5, 6, 7, 8})
  void boxesOfALayerNeverTouchAndArrowsLeadDown(long seed) {
    Random random = new Random(seed);
    List<List<Integer>> after = new ArrayList<>();
    int size = 1 + random.nextInt(40);
    double[] widths = new double[size];
    for (int i = 0; i < size; i++) {
      List<Integer> above = new ArrayList<>();
      for (int j = 0; j < i && above.size() < 4; j++) {
        if (random.nextInt(5) == 0) {
          above.add(j);
        }
      }
      after.add(above);
      widths[i] = 40 + random.nextInt(200);
    }
    FlowLayout layout = FlowLayout.of(after, widths);
    for (int i = 0; i < size; i++) {
      assertThat(layout.x(i) - widths[i] / 2).isGreaterThanOrEqualTo(-1e-6);
      assertThat(layout.x(i) + widths[i] / 2).isLessThanOrEqualTo(layout.width() + 1e-6);
      int lowest = after.get(i).stream().mapToInt(layout::layer).max().orElse(-1);
      assertThat(layout.layer(i)).isEqualTo(lowest + 1);
      for (int j = 0; j < i; j++) {
        if (layout.layer(i) == layout.layer(j)) {
          assertThat(Math.abs(layout.x(i) - layout.x(j)))
              .isGreaterThanOrEqualTo((widths[i] + widths[j]) / 2 + FlowLayout.GAP - 1e-6);
        }
      }
    }
    int arrow = 0;
    for (int i = 0; i < size; i++) {
      for (int above : after.get(i)) {
        double[] way = layout.ways().get(arrow);
        assertThat(layout.beginnings().get(arrow++)).isEqualTo(layout.layer(above));
        assertThat(way).hasSize(layout.layer(i) - layout.layer(above) + 1);
        assertThat(way[0]).isEqualTo(layout.x(above));
        assertThat(way[way.length - 1]).isEqualTo(layout.x(i));
      }
    }
  }

  @Test
  void arrowsThatNeedNotCrossDoNot() {
    // Two chains whose second nodes stand in the other order than the first ones.
    List<List<Integer>> after =
        List.of(List.of(), List.of(), List.of(1), List.of(0), List.of(2), List.of(3));
    FlowLayout layout =
        FlowLayout.of(after, new double[] {WIDTH, WIDTH, WIDTH, WIDTH, WIDTH, WIDTH});
    assertThat(layout.crossings()).isZero();
    assertThat(layout.x(0)).isCloseTo(layout.x(3), within(1e-6));
    assertThat(layout.x(1)).isCloseTo(layout.x(4), within(1e-6));
  }

  @ParameterizedTest
  @ValueSource(longs = {1, 2, 3, 4, 5, 6, 7, 8})
  void crossingsAreCountedAsByComparingAllPairs(long seed) {
    Random random = new Random(seed);
    List<int[]> lines = new ArrayList<>();
    int size = random.nextInt(60);
    for (int i = 0; i < size; i++) {
      lines.add(new int[] {random.nextInt(9), random.nextInt(12)});
    }
    long pairs = 0;
    for (int i = 0; i < size; i++) {
      for (int j = i + 1; j < size; j++) {
        int above = Integer.compare(lines.get(i)[0], lines.get(j)[0]);
        int below = Integer.compare(lines.get(i)[1], lines.get(j)[1]);
        pairs += above * below < 0 ? 1 : 0;
      }
    }
    assertThat(FlowLayout.crossings(lines)).isEqualTo(pairs);
  }

  @Test
  void aGraphOfTooManyCellsHasAWordInPlaceOfAPicture() {
    List<FlowChart.Node> nodes = new ArrayList<>();
    for (int i = 0; i < 1_000; i++) {
      List<String> after = i < 6 ? List.of() : List.of("s" + (i - 1), "s" + (i - 6));
      nodes.add(new FlowChart.Node(FlowChart.Tone.PLAIN, "s" + i, "", after));
    }
    String many = HtmlPage.titled("many").flow(new FlowChart("Many", nodes)).toHtml();
    assertThat(many).contains("Many: no picture").doesNotContain("<svg");
    List<FlowChart.Node> some = nodes.subList(0, 100);
    assertThat(HtmlPage.titled("some").flow(new FlowChart("Some", some)).toHtml())
        .contains("<svg")
        .doesNotContain("no picture");
    assertThat(FlowLayout.cells(List.of(List.of(), List.of(0), List.of(1), List.of(0, 2))))
        .as("one arrow passes two layers")
        .isEqualTo(6);
  }

  @Test
  void whatASingleNodeLeadsToStandsBelowItsMiddle() {
    FlowLayout layout =
        FlowLayout.of(
            List.of(List.of(), List.of(0), List.of(0), List.of(1, 2)),
            new double[] {WIDTH, WIDTH, WIDTH, WIDTH});
    assertThat((layout.x(1) + layout.x(2)) / 2).isCloseTo(layout.x(0), within(1e-6));
    assertThat(layout.x(3)).isCloseTo(layout.x(0), within(1e-6));
  }

  @ParameterizedTest
  @ValueSource(longs = {1, 2, 3, 4, 5, 6})
  void noOtherPlacesInOrderAreNearerToThoseWishedFor(long seed) {
    Random random = new Random(seed);
    int size = 1 + random.nextInt(6);
    double[] wishes = random.doubles(size, 0, 400).toArray();
    double[] widths = random.doubles(size, 10, 100).toArray();
    double[] places = FlowLayout.settle(wishes, widths);
    assertThat(inOrder(places, widths)).isTrue();
    double best = squares(places, wishes);
    for (int i = 0; i < 20_000; i++) {
      double step = Math.pow(10, -2 + 4 * random.nextDouble());
      double[] other = Arrays.stream(places).map(x -> x + step * random.nextGaussian()).toArray();
      if (inOrder(other, widths)) {
        assertThat(squares(other, wishes)).isGreaterThanOrEqualTo(best - 1e-6);
      }
    }
  }

  private static boolean inOrder(double[] places, double[] widths) {
    for (int i = 1; i < places.length; i++) {
      double least = (widths[i - 1] + widths[i]) / 2 + FlowLayout.GAP;
      if (places[i] - places[i - 1] < least - 1e-9) {
        return false;
      }
    }
    return true;
  }

  private static double squares(double[] places, double[] wishes) {
    double sum = 0;
    for (int i = 0; i < places.length; i++) {
      sum += (places[i] - wishes[i]) * (places[i] - wishes[i]);
    }
    return sum;
  }
}
