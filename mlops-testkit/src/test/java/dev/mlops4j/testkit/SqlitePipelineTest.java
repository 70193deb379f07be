package dev.mlops4j.testkit;

import dev.mlops4j.workspace.Workspace;
import java.nio.file.Path;

class SqlitePipelineTest extends PipelineContract {

  @Override
  Workspace open(Path workspace) {
    return Workspace.open(workspace);
  }
}
