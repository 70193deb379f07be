package dev.mlops4j.pipeline;

import static org.assertj.core.api.Assertions.assertThat;

import dev.mlops4j.workspace.Workspace;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Random;
import java.util.Set;
import java.util.concurrent.BlockingQueue;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.LinkedBlockingQueue;
import java.util.concurrent.TimeUnit;
import java.util.stream.Collectors;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/**
 * The rules of order, limit, failure and skip, against a judge who knows the graph alone. Each step
 * waits until it is told to end, so that as many go on as may and in every order.
 */
@Timeout(value = 300, threadMode = Timeout.ThreadMode.SEPARATE_THREAD)
class RandomGraphTest {

  private static final int GRAPHS = 50;
  private static final int MOST_STEPS = 9;
  private static final int MOST_THREADS = 4;

  @TempDir Path directory;

  /** What a step of a graph takes and how it behaves. */
  private record Node(String name, List<Integer> inputs, boolean fails, boolean isSkipped) {}

  @ParameterizedTest
  @ValueSource(longs = {1, 2, 3, 4})
  void asManyStepsGoOnAsMayAndEachEndsAsTheRulesSay(long seed) throws InterruptedException {
    Random random = new Random(seed);
    try (Workspace workspace = Workspace.open(directory)) {
      for (int i = 0; i < GRAPHS; i++) {
        new Check(graph(random), 1 + random.nextInt(MOST_THREADS), "graph " + seed + "-" + i)
            .run(workspace, random);
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

  /** One run, of which the steps end when this says so. */
  private static final class Check {

    private final List<Node> nodes;
    private final int threads;
    private final String name;
    private final List<StepStatus> expected;
    private final BlockingQueue<Integer> begun = new LinkedBlockingQueue<>();
    private final List<CountDownLatch> ends;
    private final Set<Integer> working = new LinkedHashSet<>();
    private final Set<Integer> over = new LinkedHashSet<>();
    private final List<Step<Integer>> steps = new ArrayList<>();

    Check(List<Node> nodes, int threads, String name) {
      this.nodes = nodes;
      this.threads = threads;
      this.name = name;
      this.expected = expected(nodes);
      this.ends = nodes.stream().map(node -> new CountDownLatch(1)).toList();
    }

    void run(Workspace workspace, Random random) throws InterruptedException {
      RunningPipeline running = pipeline().in(workspace).threads(threads).start();
      take();
      while (!working.isEmpty()) {
        assertThat(begun).as(name + ": no more than %d at a time", threads).isEmpty();
        int ended = List.copyOf(working).get(random.nextInt(working.size()));
        working.remove(ended);
        over.add(ended);
        ends.get(ended).countDown();
        take();
      }
      PipelineRun run = running.await();
      assertThat(begun).as(name).isEmpty();
      assertThat(run.steps()).extracting(StepResult::status).as(name).isEqualTo(expected);
      assertThat(over).as(name).isEqualTo(all(StepStatus.FINISHED, StepStatus.FAILED));
      assertThat(run.failures().keySet())
          .as(name)
          .isEqualTo(
              all(StepStatus.FAILED).stream()
                  .map(it -> nodes.get(it).name())
                  .collect(Collectors.toSet()));
      for (int finished : all(StepStatus.FINISHED)) {
        assertThat(run.output(steps.get(finished))).isEqualTo(value(nodes, finished));
      }
    }

    /** Waits until as many go on as may, each of which must have had its turn. */
    private void take() throws InterruptedException {
      while (!ready().isEmpty() && working.size() < threads) {
        Integer next = begun.poll(1, TimeUnit.MINUTES);
        assertThat(ready()).as(name + ": what may begin").contains(next);
        working.add(next);
      }
    }

    private Set<Integer> ready() {
      return all(StepStatus.FINISHED, StepStatus.FAILED).stream()
          .filter(it -> !working.contains(it) && !over.contains(it))
          .filter(it -> over.containsAll(nodes.get(it).inputs()))
          .collect(Collectors.toSet());
    }

    private Set<Integer> all(StepStatus... statuses) {
      return IntStream.range(0, nodes.size())
          .filter(it -> List.of(statuses).contains(expected.get(it)))
          .boxed()
          .collect(Collectors.toSet());
    }

    private Pipeline pipeline() {
      Pipeline.Builder p = Pipeline.named(name);
      for (int i = 0; i < nodes.size(); i++) {
        int number = i;
        Node node = nodes.get(i);
        StepBuilder step = p.step(node.name());
        if (node.isSkipped()) {
          step.when(Input.of(1), one -> one > 1, "no");
        }
        List<Input<Integer>> in = new ArrayList<>();
        node.inputs().forEach(input -> in.add(steps.get(input)));
        while (in.size() < 3) {
          in.add(Input.of(0));
        }
        steps.add(
            step.from(in.get(0), in.get(1), in.get(2))
                .gives(
                    Outputs.json(Integer.class),
                    (context, a, b, c) -> {
                      begun.add(number);
                      ends.get(number).await();
                      if (node.fails()) {
                        throw new IllegalStateException(node.name());
                      }
                      return 1 + a + b + c;
                    }));
      }
      return p.build();
    }
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
