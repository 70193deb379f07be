package dev.mlops4j.cli;

import dev.mlops4j.feature.FeatureStore;
import dev.mlops4j.workspace.Workspace;
import picocli.CommandLine.Command;

/** Checks a workspace. */
@Command(
    name = "check",
    mixinStandardHelpOptions = true,
    description =
        "Checks that the databases of the directory are not damaged, that every version's package"
            + " and every run's artifact, of deleted runs too, is what its digest says, and that"
            + " each model has one version in PRODUCTION at most.")
final class WorkspaceCheck extends WorkspaceCommand {

  @Override
  ExitCode run(Workspace opened, Printer printer) {
    Verification verification = new Verification(opened.artifacts());
    verification.verifyDatabases(opened);
    FeatureStore features = FeatureStore.in(opened);
    verification.attempt("feature views", features::views);
    verification.attempt("feature sets", features::sets);
    verification.verifyAll(opened);
    return verification.report(printer);
  }
}
