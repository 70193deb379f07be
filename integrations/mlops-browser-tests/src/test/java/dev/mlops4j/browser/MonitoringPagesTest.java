package dev.mlops4j.browser;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.openqa.selenium.By;
import org.openqa.selenium.WebElement;

/** The pages of monitors and of drift, as a reader has them. */
@Tag("clients")
class MonitoringPagesTest {

  private static final int WIDTH = 1200;
  private static final int HEIGHT = 1600;
  private static final int PHONE = 390;

  /** A4, less its margins. */
  private static final int PAPER = 718;

  private static final int MANY = 200;

  /** How opaque a band is, of 255. */
  private static final int BAND = 0x38;

  @TempDir static Path directory;
  private static Browser browser;
  private static Path monitor;
  private static Path manyMonitored;
  private static Path drift;
  private static Path manyDrifted;

  @BeforeAll
  static void open() {
    monitor = directory.resolve("monitor.html");
    manyMonitored = directory.resolve("many-monitored.html");
    drift = directory.resolve("drift.html");
    manyDrifted = directory.resolve("many-drifted.html");
    Pages.writeMonitorReport(directory.resolve("few"), 3, monitor);
    Pages.writeMonitorReport(directory.resolve("many"), MANY, manyMonitored);
    Pages.writeDriftReport(3, drift);
    Pages.writeDriftReport(MANY, manyDrifted);
    browser = new Browser(WIDTH, HEIGHT);
  }

  @AfterAll
  static void close() {
    if (browser != null) {
      browser.close();
    }
  }

  private static void show(Path file, String scheme) {
    browser.resize(WIDTH, HEIGHT);
    browser.colours(scheme);
    browser.open(file);
  }

  private static List<String> headings() {
    return browser.all("h2").stream().map(WebElement::getText).toList();
  }

  @Test
  void theMonitorsPageSaysTheVerdictFirstAndDrawsWithoutAComplaint() throws IOException {
    show(monitor, "light");
    assertThat(browser.driver().findElement(By.cssSelector("h1 + p")).getText())
        .contains("open in 8 windows", "Open: ", Pages.MOVED);
    assertThat(headings())
        .startsWith("Alerts", "Columns", "Performance", "feature: " + Pages.MOVED);
    browser.scrollThrough();
    browser.run("scrollTo(0, 0)");
    List<WebElement> canvases = browser.all(".chart canvas");
    assertThat(canvases).hasSameSizeAs(browser.all(".chart")).hasSizeGreaterThan(10);
    WebElement auc = canvases.get(0);
    assertThat(auc.getAccessibleName()).startsWith("line chart of AUC by window");
    assertThat(browser.pixels(auc, 0x00, 0x72, 0xb2)).isGreaterThan(100);
    assertThat(browser.pixels(auc, BAND)).as("the band around it").isGreaterThan(1_000);
    assertThat(browser.complaints()).isEmpty();
    browser.screenshot("monitor-light");
  }

  @Test
  void theyNeedNothingButThemselves() {
    for (Path page : List.of(monitor, drift)) {
      show(page, "light");
      browser.scrollThrough();
      assertThat(browser.requests()).containsExactly(page.toUri().toString());
      assertThat(browser.complaints()).isEmpty();
    }
  }

  @Test
  void theyAreDarkForWhoLikesItDarkAndLightAgainWhenThatChanges() throws IOException {
    for (Path page : List.of(monitor, drift)) {
      show(page, "dark");
      assertThat(browser.ground()).isEqualTo("rgb(13, 17, 23)");
      assertThat(browser.pixels(browser.all(".chart canvas").get(0), 0x56, 0xa8, 0xe8))
          .isGreaterThan(100);
      browser.screenshot(page.getFileName().toString().replace(".html", "-dark"));
      browser.colours("light");
      assertThat(browser.pixels(browser.all(".chart canvas").get(0), 0x00, 0x72, 0xb2))
          .isGreaterThan(100);
      assertThat(browser.complaints()).isEmpty();
    }
  }

  /** The time is printed, not asserted: it is the machine's too. */
  @Test
  void twoHundredColumnsAreThereAtOnceAndTheirChartsWhenTheReaderComesToThem() {
    for (Path page : List.of(manyMonitored, manyDrifted)) {
      show(page, "light");
      Object millis =
          browser.run(
              "const n = performance.getEntriesByType('navigation')[0];"
                  + " return Math.round(n.loadEventEnd - n.startTime)");
      System.out.println(page.getFileName() + " with " + MANY + " columns: " + millis + " ms");
      assertThat(headings()).hasSizeGreaterThan(MANY);
      int before = browser.all(".chart canvas").size();
      assertThat(before).isPositive().isLessThan(50);
      WebElement last = browser.all(".chart").get(browser.all(".chart").size() - 1);
      assertThat(last.findElements(By.tagName("canvas"))).isEmpty();
      browser.run("arguments[0].scrollIntoView()", last);
      browser
          .driver()
          .executeAsyncScript(
              "const done = arguments[0]; requestAnimationFrame(() => setTimeout(done, 50))");
      assertThat(last.findElements(By.tagName("canvas"))).hasSize(1);
      assertThat(browser.complaints()).isEmpty();
    }
  }

  @Test
  void onPaperEveryChartIsDrawn() {
    show(manyDrifted, "light");
    browser.run("dispatchEvent(new Event('beforeprint'))");
    assertThat(browser.all(".chart canvas")).hasSameSizeAs(browser.all(".chart"));
  }

  @Test
  void onPaperNoVerdictIsCutOff() throws IOException {
    show(drift, "light");
    browser.resize(PAPER, HEIGHT);
    browser.paper(true);
    try {
      for (WebElement table : browser.all("div.scroll:has(> .grid)")) {
        assertThat((Long) browser.run("return arguments[0].scrollWidth", table))
            .isEqualTo(browser.run("return arguments[0].clientWidth", table));
      }
      browser.screenshot("drift-paper");
    } finally {
      browser.paper(false);
    }
  }

  @Test
  void allThatCanBeDoneIsReachedByKeysAndHasAName() {
    for (Path page : List.of(monitor, drift)) {
      show(page, "light");
      browser.scrollThrough();
      browser.run("scrollTo(0, 0); document.activeElement.blur()");
      List<String> reached = new ArrayList<>();
      for (WebElement at = browser.next(); !at.getTagName().equals("body"); at = browser.next()) {
        assertThat(at.getAccessibleName()).as(at.getTagName()).isNotBlank();
        reached.add(at.getAriaRole() + " " + at.getAccessibleName());
        assertThat(reached).hasSizeLessThan(300);
      }
      assertThat(reached).contains("link " + Pages.MOVED, "button reference", "button current");
      assertThat(reached).anyMatch(each -> each.startsWith("region table: "));
    }
  }

  @Test
  void segmentsAndWhatDriftedInThemAreTablesWithNames() throws IOException {
    show(drift, "light");
    assertThat(headings()).startsWith("Segments by " + Pages.HOSTILE);
    List<WebElement> tables = browser.all("div[role=region] .grid");
    assertThat(tables).hasSize(3);
    assertThat(tables.get(1).getText()).contains("plain ALERT", Pages.HOSTILE, "1 of 3");
    assertThat(tables.get(2).getText()).contains("plain " + Pages.MOVED);
    assertThat(browser.all("div[role=region]").get(1).getAccessibleName())
        .startsWith("table: Segments by ");
    browser.run("arguments[0].scrollIntoView()", browser.all("h2").get(0));
    browser.screenshot("drift-segments");
    browser.resize(PHONE, 844);
    browser.run("arguments[0].scrollIntoView()", browser.all("h2").get(0));
    browser.screenshot("drift-segments-phone");
    assertThat(browser.complaints()).isEmpty();
  }

  @Test
  void aRowLeadsToItsSection() {
    show(monitor, "light");
    WebElement link = browser.driver().findElement(By.linkText("column 1"));
    link.click();
    WebElement section = browser.driver().findElement(By.cssSelector(link.getDomAttribute("href")));
    assertThat(section.getText()).isEqualTo("feature: column 1");
    assertThat(
            (Boolean)
                browser.run(
                    "return arguments[0].getBoundingClientRect().top < innerHeight", section))
        .isTrue();
  }

  @Test
  void onAPhoneNothingHangsOverTheEdge() throws IOException {
    for (Path page : List.of(monitor, drift)) {
      show(page, "light");
      browser.resize(PHONE, 844);
      browser.scrollThrough();
      assertThat((Long) browser.run("return document.documentElement.scrollWidth"))
          .isLessThanOrEqualTo(PHONE);
      browser.run("scrollTo(0, 0)");
      browser.screenshot(page.getFileName().toString().replace(".html", "-phone"));
    }
  }

  @Test
  void namesThatAreMarkupAndScriptsAreShownAndNotRun() {
    for (Path page : List.of(monitor, drift)) {
      show(page, "light");
      browser.scrollThrough();
      assertThat(browser.run("return window.taken === undefined")).isEqualTo(true);
      assertThat(browser.driver().findElements(By.tagName("img"))).isEmpty();
      assertThat(headings()).anyMatch(heading -> heading.contains("<script>window.taken=1"));
      assertThat(browser.complaints()).isEmpty();
    }
  }
}
