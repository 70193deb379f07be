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
import org.junit.jupiter.api.condition.EnabledIfSystemProperty;
import org.openqa.selenium.WebElement;

/**
 * The report that the flights example has written, whose path the quickstart prints: a year with
 * versions, drift and outcomes, in place of pages made for the purpose. It takes minutes to make,
 * so it is not made here: {@code -Dreport=...} says where it is.
 */
@Tag("clients")
@EnabledIfSystemProperty(named = FlightsReportTest.REPORT, matches = ".+")
class FlightsReportTest {

  static final String REPORT = "report";

  private static final int WIDTH = 1200;
  private static final int HEIGHT = 1600;
  private static final int PHONE = 390;
  private static Browser browser;
  private static Path report;

  @BeforeAll
  static void open() {
    report = Path.of(System.getProperty(REPORT)).toAbsolutePath();
    assertThat(report).isRegularFile();
    browser = new Browser(WIDTH, HEIGHT);
  }

  @AfterAll
  static void close() {
    if (browser != null) {
      browser.close();
    }
  }

  private static void show(int width, String scheme) {
    browser.resize(width, HEIGHT);
    browser.colours(scheme);
    browser.open(report);
    browser.scrollThrough();
    browser.run("scrollTo(0, 0)");
  }

  @Test
  void itSaysTheVerdictFirstAndDrawsEveryChartOffline() throws IOException {
    show(WIDTH, "light");
    assertThat(browser.all("h1 + p").get(0).getText()).contains(" open", "windows from 2013-");
    assertThat(browser.all("h2").stream().map(WebElement::getText))
        .startsWith("Alerts", "Columns", "Performance")
        .contains("feature: distance", "label: late", "prediction: prediction");
    List<WebElement> canvases = browser.all(".chart canvas");
    assertThat(canvases).hasSameSizeAs(browser.all(".chart")).hasSizeGreaterThan(20);
    WebElement auc = canvases.get(0);
    assertThat(auc.getAccessibleName()).startsWith("line chart of AUC by window");
    assertThat(browser.pixels(auc, 0x00, 0x72, 0xb2)).isGreaterThan(100);
    assertThat(browser.requests()).containsExactly(report.toUri().toString());
    assertThat(browser.complaints()).isEmpty();
    browser.screenshot("flights-light");
  }

  @Test
  void itIsDarkForWhoLikesItDark() throws IOException {
    show(WIDTH, "dark");
    assertThat(browser.ground()).isEqualTo("rgb(13, 17, 23)");
    assertThat(browser.pixels(browser.all(".chart canvas").get(0), 0x56, 0xa8, 0xe8))
        .isGreaterThan(100);
    assertThat(browser.complaints()).isEmpty();
    browser.screenshot("flights-dark");
  }

  @Test
  void onAPhoneNothingHangsOverTheEdge() throws IOException {
    show(PHONE, "light");
    assertThat((Long) browser.run("return document.documentElement.scrollWidth"))
        .isLessThanOrEqualTo(PHONE);
    assertThat(browser.complaints()).isEmpty();
    browser.screenshot("flights-phone");
  }

  @Test
  void allThatCanBeDoneIsReachedByKeysAndHasAName() {
    show(WIDTH, "light");
    List<String> reached = new ArrayList<>();
    for (WebElement at = browser.next(); !at.getTagName().equals("body"); at = browser.next()) {
      assertThat(at.getAccessibleName()).as(at.getTagName()).isNotBlank();
      reached.add(at.getAriaRole() + " " + at.getAccessibleName());
      assertThat(reached).hasSizeLessThan(1_000);
    }
    assertThat(reached).contains("link distance", "button reference", "button current");
    assertThat(reached).anyMatch(each -> each.startsWith("region table: "));
  }
}
