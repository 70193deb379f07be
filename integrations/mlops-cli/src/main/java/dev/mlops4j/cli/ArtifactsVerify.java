package dev.mlops4j.cli;

import dev.mlops4j.Digest;
import dev.mlops4j.workspace.Workspace;
import java.util.List;
import picocli.CommandLine.Command;
import picocli.CommandLine.Parameters;

/** Verifies artifacts. */
@Command(
    name = "verify",
    mixinStandardHelpOptions = true,
    description =
        "Reads artifacts and compares them with their digests: those given, or all that versions"
            + " and runs refer to.")
final class ArtifactsVerify extends WorkspaceCommand {

  @Parameters(arity = "0..*", paramLabel = "SHA256", description = "Digests, of 64 digits.")
  private List<String> digests = List.of();

  @Override
  ExitCode run(Workspace opened, Printer printer) {
    Verification verification = new Verification(opened.artifacts());
    if (digests.isEmpty()) {
      verification.verifyAll(opened);
    } else {
      digests.stream().map(Digest::new).forEach(verification::verify);
    }
    return verification.report(printer);
  }
}
