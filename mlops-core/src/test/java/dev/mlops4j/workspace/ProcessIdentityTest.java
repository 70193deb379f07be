package dev.mlops4j.workspace;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.file.Path;
import org.junit.jupiter.api.Test;

class ProcessIdentityTest {

  private final ProcessIdentity here = ProcessIdentity.current();

  @Test
  void this_process_is_not_gone() {
    assertThat(here.isGone()).isFalse();
    assertThat(here.pid()).isEqualTo(ProcessHandle.current().pid());
    assertThat(here.started()).isNotEmpty();
  }

  @Test
  void a_process_that_has_ended_is_gone() throws Exception {
    Process child = new ProcessBuilder(java(), "-version").redirectErrorStream(true).start();
    ProcessIdentity identity =
        new ProcessIdentity(here.host(), here.space(), child.pid(), "some start");
    child.getInputStream().readAllBytes();
    child.waitFor();

    assertThat(identity.isGone()).isTrue();
  }

  @Test
  void a_number_that_another_process_has_now_is_gone() {
    assertThat(
            new ProcessIdentity(here.host(), here.space(), here.pid(), here.started() + "1")
                .isGone())
        .isTrue();
  }

  @Test
  void a_live_process_of_unknown_start_is_not_taken_to_be_gone() {
    assertThat(new ProcessIdentity(here.host(), here.space(), here.pid(), "").isGone()).isFalse();
  }

  @Test
  void a_process_on_another_host_is_never_known_to_be_gone() {
    assertThat(new ProcessIdentity("elsewhere", "elsewhere", Long.MAX_VALUE, "1").isGone())
        .isFalse();
  }

  @Test
  void it_is_shown_with_its_number_and_host() {
    assertThat(new ProcessIdentity("web-1", "web-1/boot", 4711, "1"))
        .hasToString("process 4711 on web-1");
  }

  private static String java() throws IOException {
    return Path.of(System.getProperty("java.home"), "bin", "java").toRealPath().toString();
  }
}
