package dev.mlops4j.pipeline;

import dev.mlops4j.tracking.Run;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Deque;
import java.util.HashSet;
import java.util.List;
import java.util.Set;
import java.util.function.Consumer;
import org.jspecify.annotations.Nullable;

/** The elements of a step for each: as many at a time as it allows. */
final class ItemTasks {

  /** With that of the step it is the name of a run. */
  private static final int MAX_NAME_LENGTH = 253;

  private final Execution execution;
  private final StepState state;
  private final Step<?> step;
  private final Work.ForEach work;
  private final StepKey key;
  private final Run run;
  private final Consumer<End> joined;
  private final Deque<ItemTask> waiting = new ArrayDeque<>();
  private final List<@Nullable StepEnd> ends = new ArrayList<>();
  private final List<String> names = new ArrayList<>();
  private int ended;

  /**
   * For a step.
   *
   * @param run the step's
   * @param joined called once, when all have ended
   */
  ItemTasks(
      Execution execution,
      StepState state,
      Step<?> step,
      Work.ForEach work,
      StepKey key,
      Run run,
      Consumer<End> joined) {
    this.execution = execution;
    this.state = state;
    this.step = step;
    this.work = work;
    this.key = key;
    this.run = run;
    this.joined = joined;
  }

  /**
   * How all have ended.
   *
   * @param stored null if some failed or were not done
   * @param failure null if none failed
   * @param attempts the most of one
   * @param codeChanged whether one was made by other code than the present
   */
  record End(
      List<Object> values,
      @Nullable StoredOutput stored,
      @Nullable Throwable failure,
      int attempts,
      boolean codeChanged) {}

  void start() {
    List<?> list = (List<?>) execution.value(work.list());
    Object[] inputs = step.inputs().stream().map(execution::value).toArray();
    Set<String> taken = new HashSet<>();
    for (Object element : list) {
      String name = checkName(taken, work.name().apply(element));
      waiting.add(
          new ItemTask(
              execution, state, work, key, run, this, names.size(), name, element, inputs));
      names.add(name);
      ends.add(null);
    }
    execution.items(state, list.size());
    if (list.isEmpty()) {
      joined.accept(end());
      return;
    }
    for (int i = 0; i < work.concurrency() && startNext(); i++) {
      // Until there are as many as may be, or none is left.
    }
  }

  void ended(int position, StepEnd end) {
    boolean last;
    int so;
    synchronized (this) {
      ends.set(position, end);
      so = ++ended;
      last = ended == ends.size();
    }
    execution.itemEnded(state, names.get(position), so, names.size());
    boolean unused = startNext();
    if (last) {
      joined.accept(end());
    }
  }

  private boolean startNext() {
    ItemTask next;
    synchronized (this) {
      next = waiting.poll();
    }
    if (next == null) {
      return false;
    }
    execution.scope().pool().now(next);
    return true;
  }

  private synchronized End end() {
    List<Object> values = new ArrayList<>();
    List<StoredOutput> stored = new ArrayList<>();
    List<String> failed = new ArrayList<>();
    List<Throwable> failures = new ArrayList<>();
    int attempts = 0;
    boolean codeChanged = false;
    for (int i = 0; i < ends.size(); i++) {
      StepEnd each = ends.get(i);
      if (each == null) {
        continue;
      }
      attempts = Math.max(attempts, each.attempts());
      codeChanged |= each.codeChanged();
      if (each.value() != null && each.stored() != null) {
        values.add(each.value());
        stored.add(each.stored());
      } else if (each.failure() != null) {
        failed.add(names.get(i));
        failures.add(each.failure());
      }
    }
    Throwable failure =
        failed.isEmpty()
            ? null
            : new ItemsFailedException(step.name(), ends.size(), failed, failures);
    boolean whole = stored.size() == ends.size();
    return new End(
        List.copyOf(values), whole ? join(stored) : null, failure, attempts, codeChanged);
  }

  private StoredOutput join(List<StoredOutput> stored) {
    return ((ListOutput<?>) step.output()).join(stored);
  }

  private String checkName(Set<String> taken, @Nullable String name) {
    int most = MAX_NAME_LENGTH - step.name().length();
    if (name == null
        || name.isBlank()
        || name.length() > most
        || name.chars().anyMatch(Character::isISOControl)
        || !taken.add(name)) {
      throw new InvalidPipelineException(
          "an element of step \""
              + step.name()
              + "\" has a name of 1 to "
              + most
              + " characters, none a control character, that no other has, found \""
              + String.valueOf(name).replaceAll("\\p{Cntrl}", "?")
              + "\"");
    }
    return name;
  }
}
