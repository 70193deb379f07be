package dev.mlops4j.cli;

import dev.mlops4j.MlopsException;
import dev.mlops4j.model.CorruptPackageException;
import dev.mlops4j.model.GoldenRowMismatchException;
import dev.mlops4j.pipeline.BrokenOutputException;
import dev.mlops4j.pipeline.InvalidParameterException;
import dev.mlops4j.pipeline.InvalidPipelineException;
import dev.mlops4j.pipeline.InvalidScheduleException;
import dev.mlops4j.pipeline.MissingOutputException;
import dev.mlops4j.pipeline.NoSuchPipelineRunException;
import dev.mlops4j.pipeline.NoSuchScheduleException;
import dev.mlops4j.pipeline.NoSuchStepException;
import dev.mlops4j.pipeline.PipelineChangedException;
import dev.mlops4j.pipeline.PipelineRunningException;
import dev.mlops4j.pipeline.SettingNotForResumeException;
import dev.mlops4j.registry.AliasConflictException;
import dev.mlops4j.registry.FollowerCannotLoadException;
import dev.mlops4j.registry.GatesFailedException;
import dev.mlops4j.registry.InvalidModelNameException;
import dev.mlops4j.registry.NoSuchAliasException;
import dev.mlops4j.registry.NoSuchModelException;
import dev.mlops4j.registry.NoSuchModelVersionException;
import dev.mlops4j.registry.NothingToRollBackToException;
import dev.mlops4j.registry.StageConflictException;
import dev.mlops4j.registry.VersionInUseException;
import dev.mlops4j.storage.CopyRefusedException;
import dev.mlops4j.storage.StorageCorruptException;
import dev.mlops4j.storage.UnfinishedCopyException;
import dev.mlops4j.tracking.DeletedRunException;
import dev.mlops4j.tracking.InvalidCursorException;
import dev.mlops4j.tracking.InvalidNameException;
import dev.mlops4j.tracking.NoSuchRunException;
import dev.mlops4j.tracking.RunExistsException;
import dev.mlops4j.tracking.RunNotEndedException;
import dev.mlops4j.tracking.RunNotResumableException;
import dev.mlops4j.tracking.SearchSyntaxException;
import dev.mlops4j.workspace.ArchiveException;
import dev.mlops4j.workspace.CorruptArtifactException;
import dev.mlops4j.workspace.InvalidArtifactPathException;
import dev.mlops4j.workspace.NoSuchArtifactException;
import dev.mlops4j.workspace.NotAWorkspaceException;
import dev.mlops4j.workspace.OtherArtifactStoreException;
import java.util.Set;

/** What a command ends with. The numbers are documented and stay. */
enum ExitCode {
  /** Done. */
  DONE(0),
  /** Something went wrong that has no number of its own. */
  FAILED(1),
  /** The arguments are wrong. */
  USAGE(2),
  /** What was asked for is not there: a workspace, model, version, run, artifact. */
  NOT_FOUND(3),
  /** A rule forbids it as things stand: another is in the stage, a gate, a follower. */
  REFUSED(4),
  /** Something stored or given is not what it should be. */
  DAMAGED(5),
  /** The one step that was asked for was skipped: a condition of it does not hold. */
  SKIPPED(6),
  /** The run of a pipeline was cancelled, so that it is neither done nor failed. */
  CANCELLED(7);

  private static final Set<Class<?>> ARE_NOT_FOUND =
      Set.of(
          NotAWorkspaceException.class,
          NoSuchModelException.class,
          NoSuchModelVersionException.class,
          NoSuchAliasException.class,
          NoSuchRunException.class,
          NoSuchScheduleException.class,
          NoSuchPipelineRunException.class,
          NoSuchStepException.class,
          MissingOutputException.class,
          NoSuchArtifactException.class);
  private static final Set<Class<?>> ARE_REFUSED =
      Set.of(
          StageConflictException.class,
          AliasConflictException.class,
          GatesFailedException.class,
          FollowerCannotLoadException.class,
          NothingToRollBackToException.class,
          VersionInUseException.class,
          RunExistsException.class,
          RunNotEndedException.class,
          DeletedRunException.class,
          RunNotResumableException.class,
          PipelineChangedException.class,
          PipelineRunningException.class,
          OtherArtifactStoreException.class,
          CopyRefusedException.class,
          UnfinishedCopyException.class);
  private static final Set<Class<?>> ARE_DAMAGED =
      Set.of(
          CorruptArtifactException.class,
          CorruptPackageException.class,
          StorageCorruptException.class,
          GoldenRowMismatchException.class,
          BrokenOutputException.class,
          ArchiveException.class);
  private static final Set<Class<?>> ARE_USAGE =
      Set.of(
          IllegalArgumentException.class,
          InvalidModelNameException.class,
          InvalidNameException.class,
          InvalidParameterException.class,
          InvalidPipelineException.class,
          InvalidScheduleException.class,
          InvalidArtifactPathException.class,
          SearchSyntaxException.class,
          SettingNotForResumeException.class,
          InvalidCursorException.class);

  private final int code;

  ExitCode(int code) {
    this.code = code;
  }

  int code() {
    return code;
  }

  static ExitCode of(Throwable failure) {
    Class<?> type = failure.getClass();
    if (failure instanceof CommandException said) {
      return said.exitCode();
    }
    if (ARE_NOT_FOUND.contains(type)) {
      return NOT_FOUND;
    }
    if (ARE_REFUSED.contains(type)) {
      return REFUSED;
    }
    if (ARE_DAMAGED.contains(type)) {
      return DAMAGED;
    }
    return ARE_USAGE.contains(type) ? USAGE : FAILED;
  }

  /** Whether the message alone says what a person needs to know. */
  static boolean isSaid(Throwable failure) {
    return failure instanceof MlopsException || failure instanceof IllegalArgumentException;
  }
}
