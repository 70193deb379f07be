package dev.mlops4j.browser;

import java.io.File;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.logging.Level;
import org.openqa.selenium.By;
import org.openqa.selenium.Dimension;
import org.openqa.selenium.Keys;
import org.openqa.selenium.OutputType;
import org.openqa.selenium.WebElement;
import org.openqa.selenium.chrome.ChromeDriver;
import org.openqa.selenium.chrome.ChromeDriverService;
import org.openqa.selenium.chrome.ChromeOptions;
import org.openqa.selenium.json.Json;
import org.openqa.selenium.logging.LogEntry;
import org.openqa.selenium.logging.LogType;
import org.openqa.selenium.logging.LoggingPreferences;

/**
 * Chromium with the driver of the same release, both as Debian has them, or where {@code
 * MLOPS4J_CHROMIUM} and {@code MLOPS4J_CHROMEDRIVER} say. Nothing is fetched.
 */
final class Browser implements AutoCloseable {

  private static final Path SCREENSHOTS = Path.of("target", "screenshots");

  private final ChromeDriver driver;

  Browser(int width, int height) {
    LoggingPreferences logged = new LoggingPreferences();
    logged.enable(LogType.BROWSER, Level.ALL);
    logged.enable(LogType.PERFORMANCE, Level.ALL);
    ChromeOptions options = new ChromeOptions();
    options.setBinary(installed("MLOPS4J_CHROMIUM", "/usr/bin/chromium"));
    options.setCapability(ChromeOptions.LOGGING_PREFS, logged);
    // Without its sandbox it starts in a container and as root; it opens our own files alone.
    options.addArguments("--headless=new", "--no-sandbox", "--disable-dev-shm-usage");
    ChromeDriverService service =
        new ChromeDriverService.Builder()
            .usingDriverExecutable(
                new File(installed("MLOPS4J_CHROMEDRIVER", "/usr/bin/chromedriver")))
            .usingAnyFreePort()
            .build();
    driver = new ChromeDriver(service, options);
    driver.manage().window().setSize(new Dimension(width, height));
  }

  private static String installed(String variable, String usual) {
    String path = System.getenv().getOrDefault(variable, usual);
    if (!Files.isExecutable(Path.of(path))) {
      throw new IllegalStateException(
          "there is no "
              + path
              + "; install Chromium and its driver (Debian: apt-get install chromium"
              + " chromium-driver), or set "
              + variable);
    }
    return path;
  }

  ChromeDriver driver() {
    return driver;
  }

  /** Opens a page that is a file; what was noted before is forgotten. */
  void open(Path page) {
    complaints();
    requests();
    driver.get(page.toUri().toString());
  }

  /** As on a screen of this size, also one that is narrower than a window can be. */
  void resize(int width, int height) {
    driver.executeCdpCommand(
        "Emulation.setDeviceMetricsOverride",
        Map.of("width", width, "height", height, "deviceScaleFactor", 1, "mobile", false));
    awaitFrame(width);
  }

  /** As for readers who like it dark, or light. */
  void colours(String scheme) {
    Map<String, String> feature = Map.of("name", "prefers-color-scheme", "value", scheme);
    driver.executeCdpCommand("Emulation.setEmulatedMedia", Map.of("features", List.of(feature)));
    awaitFrame((Long) run("return innerWidth"));
  }

  /** As on paper, or a screen again. */
  void paper(boolean paper) {
    driver.executeCdpCommand("Emulation.setEmulatedMedia", Map.of("media", paper ? "print" : ""));
    awaitFrame((Long) run("return innerWidth"));
  }

  /** Until the page has heard of its size and colours and has drawn itself. */
  private void awaitFrame(long width) {
    driver.executeAsyncScript(
        """
        const [width, done] = arguments;
        function look() {
          if (innerWidth === width) {
            requestAnimationFrame(() => requestAnimationFrame(() => done()));
          } else {
            requestAnimationFrame(look);
          }
        }
        look();
        """,
        width);
  }

  /** Goes down the page until all of it was on the screen. */
  void scrollThrough() {
    driver.executeAsyncScript(
        """
        const done = arguments[0];
        function down() {
          const before = scrollY;
          scrollBy(0, innerHeight);
          requestAnimationFrame(() => setTimeout(() => scrollY === before ? done() : down()));
        }
        down();
        """);
  }

  /** What the console has said since the page was opened, errors and warnings. */
  List<String> complaints() {
    return driver.manage().logs().get(LogType.BROWSER).getAll().stream()
        .filter(entry -> entry.getLevel().intValue() >= Level.WARNING.intValue())
        .map(LogEntry::getMessage)
        .toList();
  }

  /** The addresses that the page has asked for since it was opened, its own first. */
  List<String> requests() {
    List<String> all = new ArrayList<>();
    for (LogEntry entry : driver.manage().logs().get(LogType.PERFORMANCE).getAll()) {
      Map<?, ?> said = new Json().toType(entry.getMessage(), Map.class);
      Map<?, ?> message = (Map<?, ?>) said.get("message");
      if ("Network.requestWillBeSent".equals(message.get("method"))) {
        Map<?, ?> request = (Map<?, ?>) ((Map<?, ?>) message.get("params")).get("request");
        all.add((String) request.get("url"));
      }
    }
    return all;
  }

  /** The colour of the page's ground, such as {@code rgb(255, 255, 255)}. */
  String ground() {
    return driver
        .findElement(By.tagName("body"))
        .getCssValue("background-color")
        .replace("rgba", "rgb")
        .replace(", 1)", ")");
  }

  /** What the next tab key comes to; the body after the last. */
  WebElement next() {
    driver.switchTo().activeElement().sendKeys(Keys.TAB);
    return driver.switchTo().activeElement();
  }

  List<WebElement> all(String selector) {
    return driver.findElements(By.cssSelector(selector));
  }

  Object run(String script, Object... arguments) {
    return driver.executeScript(script, arguments);
  }

  /** How many pixels of a canvas have this colour; a copy is read, as reading slows it down. */
  long pixels(WebElement canvas, int red, int green, int blue) {
    return (Long)
        run(
            """
            const canvas = arguments[0];
            const copy = document.createElement("canvas");
            copy.width = canvas.width;
            copy.height = canvas.height;
            const context = copy.getContext("2d", { willReadFrequently: true });
            context.drawImage(canvas, 0, 0);
            const all = context.getImageData(0, 0, copy.width, copy.height).data;
            let found = 0;
            for (let i = 0; i < all.length; i += 4) {
              if (all[i] === arguments[1] && all[i + 1] === arguments[2]
                  && all[i + 2] === arguments[3] && all[i + 3] === 255) {
                found++;
              }
            }
            return found;
            """,
            canvas,
            red,
            green,
            blue);
  }

  /** How many pixels of a canvas are so opaque. */
  long pixels(WebElement canvas, int opacity) {
    return (Long)
        run(
            """
            const canvas = arguments[0];
            const copy = document.createElement("canvas");
            copy.width = canvas.width;
            copy.height = canvas.height;
            const context = copy.getContext("2d", { willReadFrequently: true });
            context.drawImage(canvas, 0, 0);
            const all = context.getImageData(0, 0, copy.width, copy.height).data;
            return all.filter((part, i) => i % 4 === 3 && part === arguments[1]).length;
            """,
            canvas, opacity);
  }

  /** Keeps the whole page as a picture, for people to look at. */
  void screenshot(String name) throws IOException {
    Files.createDirectories(SCREENSHOTS);
    Files.write(SCREENSHOTS.resolve(name + ".png"), driver.getScreenshotAs(OutputType.BYTES));
  }

  @Override
  public void close() {
    driver.quit();
  }
}
