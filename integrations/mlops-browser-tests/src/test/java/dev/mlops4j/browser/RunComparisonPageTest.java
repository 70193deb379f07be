package dev.mlops4j.browser;

import static org.assertj.core.api.Assertions.assertThat;

import dev.mlops4j.Digest;
import dev.mlops4j.model.DatasetReference;
import dev.mlops4j.tracking.Run;
import dev.mlops4j.tracking.RunRecord;
import dev.mlops4j.tracking.Tracking;
import dev.mlops4j.workspace.Workspace;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.openqa.selenium.By;
import org.openqa.selenium.Keys;
import org.openqa.selenium.WebElement;

/** The page that compares runs, as a reader has it. */
@Tag("clients")
class RunComparisonPageTest {

  private static final String HOSTILE =
      "</script><script>window.taken=1</script><img src=x onerror=window.taken=2>\"'<!--";
  private static final int WIDTH = 1200;
  private static final int HEIGHT = 1600;

  @TempDir static Path directory;
  private static Browser browser;
  private static Path page;
  private static Path hostile;

  @BeforeAll
  static void open() throws IOException {
    try (Workspace workspace = Workspace.open(directory.resolve("workspace"))) {
      Tracking tracking = Tracking.in(workspace);
      page = directory.resolve("runs.html");
      Files.writeString(
          page,
          tracking
              .compare(
                  run(tracking, "champion", 6, 0.30),
                  run(tracking, "challenger", 8, 0.20),
                  run(tracking, "deep", 12, 0.25))
              .toHtml());
      hostile = directory.resolve("hostile.html");
      Files.writeString(
          hostile,
          tracking
              .compare(run(tracking, HOSTILE, 6, 0.3), run(tracking, "other", 7, 0.2))
              .toHtml());
    }
    browser = new Browser(WIDTH, HEIGHT);
  }

  @AfterAll
  static void close() {
    if (browser != null) {
      browser.close();
    }
  }

  private static RunRecord run(Tracking tracking, String name, int depth, double floor) {
    Run run = tracking.start("flight-delay", name);
    run.param("depth", depth);
    run.param("objective", "binary:logistic");
    run.tag(name, name);
    run.log(new DatasetReference("flights of 2013", "training", Digest.of("flights"), 336_776));
    for (int round = 0; round < 200; round++) {
      run.metric("logloss", round, floor + 0.4 * Math.exp(-round / 30.0));
      run.metric("auc", round, round == 77 ? Double.NaN : 0.75 - floor * Math.exp(-round / 50.0));
    }
    run.close();
    return tracking.run(run.id());
  }

  private static void show(Path file, String scheme) {
    browser.resize(WIDTH, HEIGHT);
    browser.colours(scheme);
    browser.open(file);
  }

  @Test
  void itDrawsAChartAMetricWithoutAComplaintOfTheConsole() throws IOException {
    show(page, "light");
    List<WebElement> canvases = browser.driver().findElements(By.cssSelector(".chart canvas"));
    assertThat(canvases).hasSize(2);
    for (WebElement canvas : canvases) {
      assertThat(canvas.getSize().getWidth()).isGreaterThan(WIDTH / 2);
      assertThat(browser.pixels(canvas, 0x00, 0x72, 0xb2)).isGreaterThan(100);
      assertThat(browser.pixels(canvas, 0xd5, 0x5e, 0x00)).isGreaterThan(100);
      assertThat(browser.pixels(canvas, 0x00, 0x9e, 0x73)).isGreaterThan(100);
    }
    assertThat(browser.complaints()).isEmpty();
    browser.screenshot("runs-light");
  }

  @Test
  void itNeedsNothingButItself() {
    show(page, "light");
    assertThat(browser.requests()).containsExactly(page.toUri().toString());
  }

  @Test
  void itIsDarkForWhoLikesItDarkAndLightAgainWhenThatChanges() throws IOException {
    show(page, "dark");
    WebElement first = browser.driver().findElement(By.cssSelector(".chart canvas"));
    assertThat(browser.ground()).isEqualTo("rgb(13, 17, 23)");
    assertThat(browser.pixels(first, 0x56, 0xa8, 0xe8)).isGreaterThan(100);
    browser.screenshot("runs-dark");

    browser.colours("light");
    assertThat(browser.ground()).isEqualTo("rgb(255, 255, 255)");
    first = browser.driver().findElement(By.cssSelector(".chart canvas"));
    assertThat(browser.pixels(first, 0x00, 0x72, 0xb2)).isGreaterThan(100);
    assertThat(browser.complaints()).isEmpty();
  }

  @Test
  void allThatCanBeDoneIsReachedByKeysAndHasAName() {
    show(page, "light");
    WebElement sameRow = browser.driver().findElement(By.cssSelector("tr.same"));
    assertThat(sameRow.isDisplayed()).isFalse();
    List<String> reached = new ArrayList<>();
    for (WebElement at = browser.next(); !at.getTagName().equals("body"); at = browser.next()) {
      assertThat(at.getAccessibleName()).as(at.getTagName()).isNotBlank();
      reached.add(at.getAriaRole() + " " + at.getAccessibleName());
      assertThat(reached).hasSizeLessThan(100);
      if (at.getAriaRole().equals("checkbox")) {
        at.sendKeys(Keys.SPACE);
        assertThat(sameRow.isDisplayed()).isTrue();
      }
    }
    assertThat(reached)
        .anyMatch(each -> each.startsWith("checkbox show also what is the same ("))
        .contains("button champion", "button challenger", "button deep");
  }

  @Test
  void aLineIsHiddenAndShownAgainByKeys() {
    show(page, "light");
    WebElement canvas = browser.driver().findElement(By.cssSelector(".chart canvas"));
    WebElement champion =
        browser.driver().findElements(By.cssSelector(".chart [role=button]")).stream()
            .filter(each -> each.getText().contains("champion"))
            .findFirst()
            .orElseThrow();
    assertThat(champion.getDomAttribute("aria-pressed")).isEqualTo("true");
    champion.sendKeys(Keys.ENTER);
    assertThat(browser.pixels(canvas, 0x00, 0x72, 0xb2)).isZero();
    assertThat(champion.getDomAttribute("aria-pressed")).isEqualTo("false");
    champion.sendKeys(Keys.SPACE);
    assertThat(browser.pixels(canvas, 0x00, 0x72, 0xb2)).isGreaterThan(100);
  }

  @Test
  void aChartSaysWhatItShowsToWhoDoesNotSeeIt() {
    show(page, "light");
    List<WebElement> pictures = browser.driver().findElements(By.cssSelector("[role=img]"));
    assertThat(pictures)
        .extracting(WebElement::getAccessibleName)
        .containsExactly(
            "line chart of auc by step: champion, challenger, deep",
            "line chart of logloss by step: champion, challenger, deep");
  }

  @Test
  void onAPhoneNothingHangsOverTheEdge() throws IOException {
    show(page, "light");
    browser.resize(360, 800);
    assertThat((Long) browser.run("return document.documentElement.scrollWidth"))
        .isLessThanOrEqualTo(360);
    for (WebElement number : browser.driver().findElements(By.cssSelector("td.whole > div"))) {
      if (number.isDisplayed() && !number.getText().contains(" ")) {
        assertThat(number.getSize().getHeight()).as(number.getText()).isLessThan(30);
      }
    }
    browser.screenshot("runs-phone");
  }

  @Test
  void namesThatAreMarkupAndScriptsAreShownAndNotRun() throws IOException {
    show(hostile, "light");
    assertThat(browser.run("return window.taken === undefined")).isEqualTo(true);
    assertThat(browser.driver().findElements(By.tagName("img"))).isEmpty();
    assertThat(browser.driver().findElement(By.cssSelector("thead")).getText()).contains(HOSTILE);
    assertThat(browser.driver().findElements(By.cssSelector(".chart canvas"))).hasSize(2);
    assertThat(browser.complaints()).isEmpty();
    assertThat(browser.requests()).containsExactly(hostile.toUri().toString());
    browser.screenshot("runs-hostile");
  }
}
