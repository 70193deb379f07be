package dev.mlops4j.testkit;

import dev.mlops4j.workspace.Workspace;
import java.nio.file.Path;

class SqliteMonitorTest extends MonitorContract {

  @Override
  Workspace open(Path workspace, TestClock clock) {
    return Workspace.at(workspace).clock(clock).systemClock(clock).open();
  }
}
