package dev.mlops4j.pipeline;

import static org.assertj.core.api.Assertions.assertThat;

import dev.mlops4j.workspace.Workspace;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Random;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.stream.Collectors;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** The rules of order, limit, failure and skip, against a judge who knows the graph alone. */
class RandomGraphTest {

  private static final int GRAPHS = 6;
  private static final int MOST_STEPS = 14;

  @TempDir Path directory;

  /** What a step of a graph takes and how it behaves. */
  private record Node(String name, List<Integer> inputs, boolean fails, boolean isSkipped) {}

  @ParameterizedTest
  @ValueSource(longs = {1, 2, 3, 4})
  void everyStepEndsAsTheRulesSayAfterThoseItDependsOn(long seed) {
    Random random = new Random(seed);
    try (Workspace workspace = Workspace.open(directory)) {
      for (int i = 0; i < GRAPHS; i++) {
        check(workspace, graph(random), 1 + random.nextInt(3), "graph " + seed + "-" + i);
      }
    }
  }

  private static List<Node> graph(Random random) {
    List<Node> nodes = new ArrayList<>();
    int size = 1 + random.nextInt(MOST_STEPS);
    for (int i = 0; i < size; i++) {
      List<Integer> inputs = new ArrayList<>();
      for (int j = 0; j < i && inputs.size() < 3; j++) {
        if (random.nextInt(4) == 0) {
          inputs.add(j);
        }
      }
      nodes.add(new Node("s" + i, inputs, random.nextInt(7) == 0, random.nextInt(7) == 0));
    }
    return nodes;
  }

  private static void check(Workspace workspace, List<Node> nodes, int threads, String name) {
    AtomicInteger ticks = new AtomicInteger();
    AtomicInteger working = new AtomicInteger();
    AtomicInteger most = new AtomicInteger();
    Map<String, Integer> begun = new ConcurrentHashMap<>();
    Map<String, Integer> ended = new ConcurrentHashMap<>();
    Pipeline.Builder p = Pipeline.named(name);
    List<Step<Integer>> steps = new ArrayList<>();
    for (Node node : nodes) {
      StepBuilder step = p.step(node.name());
      if (node.isSkipped()) {
        step.when(Input.of(1), one -> one > 1, "no");
      }
      StepBody.Three<Integer, Integer, Integer, Integer> body =
          (context, a, b, c) -> {
            most.accumulateAndGet(working.incrementAndGet(), Math::max);
            begun.put(node.name(), ticks.incrementAndGet());
            try {
              Thread.onSpinWait();
              if (node.fails()) {
                throw new IllegalStateException(node.name());
              }
              return 1 + a + b + c;
            } finally {
              ended.put(node.name(), ticks.incrementAndGet());
              working.decrementAndGet();
            }
          };
      List<Input<Integer>> in = new ArrayList<>();
      node.inputs().forEach(input -> in.add(steps.get(input)));
      while (in.size() < 3) {
        in.add(Input.of(0));
      }
      steps.add(
          step.from(in.get(0), in.get(1), in.get(2)).gives(Outputs.json(Integer.class), body));
    }
    PipelineRun run = p.build().in(workspace).threads(threads).run();

    List<StepStatus> expected = expected(nodes);
    assertThat(run.steps()).extracting(StepResult::status).as(name).isEqualTo(expected);
    assertThat(most.get()).as(name).isLessThanOrEqualTo(threads);
    for (int i = 0; i < nodes.size(); i++) {
      Node node = nodes.get(i);
      boolean wasDone =
          expected.get(i) == StepStatus.FINISHED || expected.get(i) == StepStatus.FAILED;
      assertThat(begun.containsKey(node.name())).as(name + node).isEqualTo(wasDone);
      if (wasDone) {
        assertThat(node.inputs().stream().map(it -> ended.get("s" + it)).toList())
            .as(name + node)
            .allMatch(end -> end < begun.get(node.name()));
      }
      if (expected.get(i) == StepStatus.FINISHED) {
        assertThat(run.output(steps.get(i))).isEqualTo(value(nodes, i));
      }
    }
    assertThat(run.failures().keySet())
        .isEqualTo(
            nodes.stream()
                .filter(node -> expected.get(nodes.indexOf(node)) == StepStatus.FAILED)
                .map(Node::name)
                .collect(Collectors.toSet()));
  }

  /** By the rules as they are written, in the order of the steps. */
  private static List<StepStatus> expected(List<Node> nodes) {
    List<StepStatus> all = new ArrayList<>();
    for (Node node : nodes) {
      List<StepStatus> inputs = node.inputs().stream().map(all::get).toList();
      if (inputs.contains(StepStatus.FAILED) || inputs.contains(StepStatus.BLOCKED)) {
        all.add(StepStatus.BLOCKED);
      } else if (inputs.contains(StepStatus.SKIPPED) || node.isSkipped()) {
        all.add(StepStatus.SKIPPED);
      } else {
        all.add(node.fails() ? StepStatus.FAILED : StepStatus.FINISHED);
      }
    }
    return all;
  }

  private static int value(List<Node> nodes, int at) {
    return 1 + nodes.get(at).inputs().stream().mapToInt(it -> value(nodes, it)).sum();
  }
}
