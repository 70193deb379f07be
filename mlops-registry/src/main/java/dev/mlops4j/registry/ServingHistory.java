package dev.mlops4j.registry;

import java.time.Instant;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Deque;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * Who served when, read from a model's history.
 *
 * <p>The versions that served lie on a stack. A promotion to PRODUCTION pushes; a rollback pops,
 * and the one that lies on top then serves again. So a second rollback goes further back, and what
 * was popped never comes back by a rollback. Taking the version out of PRODUCTION without another
 * leaves it on the stack: a rollback then brings it back, and promoting it again pushes nothing. A
 * version that is deleted leaves the stack.
 */
final class ServingHistory {

  private final Deque<Integer> stack = new ArrayDeque<>();
  private @Nullable Integer present;

  private ServingHistory() {}

  static ServingHistory of(List<HistoryEntry> entries) {
    ServingHistory history = new ServingHistory();
    for (HistoryEntry entry : entries) {
      if (entry instanceof StageChange change) {
        history.apply(change);
      } else if (entry instanceof VersionDeletion deletion) {
        history.forget(deletion.version());
      }
    }
    return history;
  }

  /** The version in PRODUCTION at this instant: that of the last change at or before it. */
  static @Nullable Integer presentAt(List<HistoryEntry> entries, Instant instant) {
    return of(entries.stream().takeWhile(entry -> !entry.at().isAfter(instant)).toList()).present;
  }

  /** The version in PRODUCTION. */
  @Nullable Integer present() {
    return present;
  }

  /** The version that a rollback goes to. */
  @Nullable Integer target() {
    return stack.stream().skip(present == null ? 0 : 1).findFirst().orElse(null);
  }

  /** What is between two times of one version goes; then it served twice in a row. */
  private void forget(int deleted) {
    List<Integer> left = new ArrayList<>();
    for (Integer version : stack) {
      boolean repeated = !left.isEmpty() && left.get(left.size() - 1).equals(version);
      if (version != deleted && !repeated) {
        left.add(version);
      }
    }
    stack.clear();
    stack.addAll(left);
  }

  private void apply(StageChange change) {
    Integer version = change.version();
    if (change.to() == Stage.PRODUCTION) {
      if (change.cause() == StageChange.Cause.ROLLBACK) {
        while (!version.equals(stack.peek())) {
          stack.pop();
        }
      } else if (!version.equals(stack.peek())) {
        stack.push(version);
      }
      present = version;
    } else if (version.equals(present)) {
      present = null;
    }
  }
}
