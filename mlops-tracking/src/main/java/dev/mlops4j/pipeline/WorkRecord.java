package dev.mlops4j.pipeline;

import dev.mlops4j.tracking.PastRun;
import dev.mlops4j.tracking.Run;
import dev.mlops4j.tracking.RunArtifact;
import dev.mlops4j.tracking.RunStatus;
import java.io.PrintWriter;
import java.io.StringWriter;
import java.time.Duration;
import java.time.Instant;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.concurrent.ScheduledFuture;
import java.util.function.Consumer;
import java.util.function.Function;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * The run as which a step, or an element of one, is recorded. It is there while the step goes on if
 * somebody asks for it or, if it is a step, that takes a while; else all of it is written when it
 * is over, which costs one write instead of two. Safe for any number of threads.
 */
final class WorkRecord {

  private static final Logger LOG = LoggerFactory.getLogger(WorkRecord.class);

  /** So long it goes on before others see it. */
  private static final Duration SHOWN_AFTER = Duration.ofMillis(200);

  private final RunScope scope;
  private final Run parent;
  private final String name;
  private final Map<String, String> tags = new LinkedHashMap<>();
  private Map<String, String> params = Map.of();
  private @Nullable Instant beganAt;
  private @Nullable ScheduledFuture<?> alarm;
  private @Nullable Run run;
  private boolean over;

  /**
   * Of something that is a part of a run.
   *
   * @param tag which of the {@link StepTags} says what it is
   * @param value what it is
   */
  WorkRecord(RunScope scope, Run parent, String name, String tag, String value) {
    this.scope = scope;
    this.parent = parent;
    this.name = name;
    tags.put(tag, value);
  }

  String name() {
    return name;
  }

  /** Says for which key, by which code and with which params it is done. */
  synchronized void about(StepKey key, String code, Map<String, String> known) {
    tags.put(StepTags.KEY, key.digest().hex());
    tags.put(StepTags.CODE, code);
    params = known;
  }

  /** It begins. */
  synchronized void began() {
    beganAt = scope.clock().instant();
  }

  /** It begins, and is shown to others unless it is over soon. */
  synchronized void beganToBeShown() {
    began();
    alarm = scope.pool().after(SHOWN_AFTER, () -> scope.pool().record(this::show));
  }

  /** Its run, from now on there. */
  synchronized Run open() {
    Run own = run;
    if (own == null) {
      if (over) {
        throw new IllegalStateException(name + " has ended, and its run takes nothing any longer");
      }
      own = parent.child(name, params, tags(StepStatus.RUNNING, Map.of()));
      run = own;
    }
    return own;
  }

  /**
   * Ends it FINISHED, now or in the background.
   *
   * @param ended the tags that it gets at its end
   * @param kept gives what the cache is to have, by the id of the run
   * @param recorded is given the id when it is recorded
   * @param failed is given why it was not recorded
   */
  void finish(
      Map<String, String> ended,
      List<RunArtifact> artifacts,
      Function<String, JdbcStepCache.@Nullable Kept> kept,
      Consumer<String> recorded,
      Consumer<Throwable> failed) {
    Run own = end();
    if (own == null) {
      PastRun past = past(RunStatus.FINISHED, null, tags(StepStatus.FINISHED, ended), artifacts);
      String id = past.id();
      scope
          .recorder()
          .add(
              new RunRecorder.Ended(
                  parent, past, kept.apply(id), () -> recorded.accept(id), failed));
      return;
    }
    own.finish(Map.of(), tags(StepStatus.FINISHED, ended), artifacts);
    JdbcStepCache.Kept output = kept.apply(own.id());
    if (output != null) {
      scope.recorder().keep(output);
    }
    recorded.accept(own.id());
  }

  /** What was taken from the cache, as it is to be recorded. */
  synchronized PastRun taken(Map<String, String> ended, List<RunArtifact> artifacts) {
    over = true;
    return past(RunStatus.FINISHED, null, tags(StepStatus.CACHED, ended), artifacts);
  }

  /**
   * Ends it FAILED.
   *
   * @param ended the tags that it gets at its end
   * @return its id, or null if that could not be recorded, which is suppressed
   */
  @Nullable String fail(Throwable failure, Map<String, String> ended, StepLog log) {
    String id = null;
    try {
      Run own = end();
      if (own != null) {
        id = own.id();
        end(own, StepStatus.FAILED, ended, log);
        own.fail(failure);
      } else {
        StringWriter trace = new StringWriter();
        failure.printStackTrace(new PrintWriter(trace));
        id = add(RunStatus.FAILED, trace.toString(), StepStatus.FAILED, ended, log);
      }
    } catch (Throwable e) {
      StepEnd.suppress(failure, e);
    }
    return id;
  }

  /**
   * Ends it KILLED, if it had begun.
   *
   * @param ended the tags that it gets at its end
   * @return its id
   */
  @Nullable String cancel(Map<String, String> ended, StepLog log) {
    String why = "the run of the pipeline was cancelled";
    try {
      Run own = end();
      if (own != null) {
        end(own, StepStatus.CANCELLED, ended, log);
        own.kill(why);
        return own.id();
      }
      return beganAt == null ? null : add(RunStatus.KILLED, why, StepStatus.CANCELLED, ended, log);
    } catch (Throwable e) {
      LOG.warn("the run of {} could not be ended", name, e);
      return null;
    }
  }

  /** From now on there is no new run of it; gives the one there is. */
  private synchronized @Nullable Run end() {
    over = true;
    if (alarm != null) {
      alarm.cancel(false);
      alarm = null;
    }
    return run;
  }

  private static void end(Run own, StepStatus status, Map<String, String> ended, StepLog log) {
    String text = log.text();
    if (!text.isEmpty()) {
      own.artifact(StepLog.PATH, text);
    }
    own.tag(StepTags.STATUS, status.name());
    ended.forEach(own::tag);
  }

  private String add(
      RunStatus status, String failure, StepStatus step, Map<String, String> ended, StepLog log) {
    List<RunArtifact> logged = StepStart.log(scope, log).map(List::of).orElse(List.of());
    return parent.child(past(status, failure, tags(step, ended), logged));
  }

  private synchronized void show() {
    if (!over) {
      try {
        Run unused = open();
      } catch (Throwable e) {
        LOG.warn("{} could not be shown while it goes on", name, e);
      }
    }
  }

  private synchronized Map<String, String> tags(StepStatus status, Map<String, String> ended) {
    Map<String, String> all = new LinkedHashMap<>(tags);
    all.put(StepTags.STATUS, status.name());
    all.putAll(ended);
    return all;
  }

  private synchronized PastRun past(
      RunStatus status,
      @Nullable String failure,
      Map<String, String> all,
      List<RunArtifact> artifacts) {
    Instant began = beganAt == null ? scope.clock().instant() : beganAt;
    return new PastRun(name, began, status, failure, params, all, artifacts);
  }
}
