package dev.mlops4j.workspace;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.file.Path;
import org.junit.jupiter.api.Test;

class ProcessIdentityTest {

  private final ProcessIdentity here = ProcessIdentity.current();

  @Test
  void thisProcessIsNotGone() {
    assertThat(here.isGone()).isFalse();
    assertThat(here.pid()).isEqualTo(ProcessHandle.current().pid());
    assertThat(here.started()).isNotEmpty();
  }

  @Test
  void aProcessThatHasEndedIsGone() throws Exception {
    Process child = new ProcessBuilder(java(), "-version").redirectErrorStream(true).start();
    ProcessIdentity identity =
        new ProcessIdentity(here.host(), here.space(), child.pid(), "some start");
    child.getInputStream().readAllBytes();
    child.waitFor();

    assertThat(identity.isGone()).isTrue();
  }

  @Test
  void aNumberThatAnotherProcessHasNowIsGone() {
    assertThat(
            new ProcessIdentity(here.host(), here.space(), here.pid(), here.started() + "1")
                .isGone())
        .isTrue();
  }

  @Test
  void aLiveProcessOfUnknownStartIsNotTakenToBeGone() {
    assertThat(new ProcessIdentity(here.host(), here.space(), here.pid(), "").isGone()).isFalse();
  }

  @Test
  void aProcessOnAnotherHostIsNeverKnownToBeGone() {
    assertThat(new ProcessIdentity("elsewhere", "elsewhere", Long.MAX_VALUE, "1").isGone())
        .isFalse();
  }

  @Test
  void itIsShownWithItsNumberAndHost() {
    assertThat(new ProcessIdentity("web-1", "web-1/boot", 4711, "1"))
        .hasToString("process 4711 on web-1");
  }

  private static String java() throws IOException {
    return Path.of(System.getProperty("java.home"), "bin", "java").toRealPath().toString();
  }
}
