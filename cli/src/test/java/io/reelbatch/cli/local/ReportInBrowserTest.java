package io.reelbatch.cli.local;

import static org.assertj.core.api.Assertions.assertThat;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import io.reelbatch.cli.simulator.Fault;
import io.reelbatch.cli.simulator.FaultPlan;
import io.reelbatch.domain.job.JobRecord;
import io.reelbatch.domain.store.ObjectStore;
import java.io.IOException;
import java.io.OutputStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.Base64;
import java.util.List;
import java.util.Map;
import java.util.function.UnaryOperator;
import java.util.logging.Level;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.openqa.selenium.By;
import org.openqa.selenium.Keys;
import org.openqa.selenium.OutputType;
import org.openqa.selenium.WebElement;
import org.openqa.selenium.chrome.ChromeDriver;
import org.openqa.selenium.chrome.ChromeDriverService;
import org.openqa.selenium.chrome.ChromeOptions;
import org.openqa.selenium.logging.LogType;
import org.openqa.selenium.logging.LoggingPreferences;
import org.openqa.selenium.support.ui.Select;

/** The page of a batch in Chromium, as people see it. Its pictures stay in {@code target/report-page}. */
class ReportInBrowserTest {
    private static final Path CHROMIUM = Path.of("/usr/bin/chromium");
    private static final Path DRIVER = Path.of("/usr/bin/chromedriver");
    private static final Path PICTURES = Path.of("target", "report-page");
    private static final String HOSTILE = "</script></style><!-- <img src=x onerror=\"window.pwned=1\">"
            + " {{name}} {{{prompt}}} \" ' ` --> <b>bold</b> &amp;";

    @TempDir
    static Path home;

    private static Path page = Path.of("none");
    private final ChromeDriver browser = start();

    @BeforeAll
    static void runABatch() throws IOException {
        assumeTrue(
                Files.isExecutable(CHROMIUM) && Files.isExecutable(DRIVER),
                "the page is not looked at: there is no " + CHROMIUM + " with " + DRIVER
                        + " (Debian: apt-get install chromium chromium-driver)");
        run("spring_teasers", "- {name: Teaser, prompt: Shoes on a wooden bench in morning light, type: image}");
        page = run("spring_launch", """
                - {name: Hero Shot, type: image, model: google/imagen4-ultra/text-to-image, width: 2048, height: 1152,
                   prompt: "Running shoes on wet asphalt, neon reflections, cinematic light from the left"}
                - {name: Trail Detail, type: image, prompt: "Macro of a sole gripping gravel, dust in the air"}
                - {name: Locker Room, type: image, prompt: Shoes on a wooden bench in morning light}
                - {name: Street Portrait, type: image, width: 768, height: 1152, prompt: "Runner tying laces, 85 mm"}
                - {name: Unboxing Clip, type: video, duration: 5, prompt: "Hands open a shoe box, top-down camera"}
                - {name: City Run, type: video, duration: 5, prompt: "A runner crosses a bridge at dawn"}
                - {name: Slow Motion Splash, type: video, model: google/veo3.1/text-to-video, duration: 8,
                   prompt: "A shoe lands in a puddle, droplets hang in the air"}
                - {name: Lookbook Cover, type: image, model: google/imagen4-ultra/text-to-image,
                   prompt: "Flat lay of spring colours on linen"}
                - {name: Rooftop Sprint, type: video, duration: 5, prompt: "moderated"}
                - {name: Finish Line, type: image, prompt: "lost"}
                - {name: Quotes, type: image, prompt: "%s"}
                """.formatted(HOSTILE.replace("\\", "\\\\").replace("\"", "\\\"")));
    }

    private static Path run(String id, String jobs) throws IOException {
        FaultPlan faults = FaultPlan.eachJob(Fault.MODERATED)
                .only("moderated")
                .or(FaultPlan.eachJob(Fault.LOST).only("lost"));
        String defaults = """
                output_dir: %s
                max_workers: 5
                reuse: true
                on_unknown_submit: fail
                defaults:
                  images: {model: black-forest-labs/flux-2-pro/text-to-image}
                  videos: {model: bytedance/seedance-v1.5-pro/text-to-video}
                jobs:
                """;
        UnaryOperator<io.reelbatch.cli.simulator.SimulatorSettings> settings =
                simulator -> simulator.withSeed(4).withFaults(faults);
        try (LocalBatch batch = new LocalBatch(home, id, settings)) {
            batch.run(defaults.formatted(id) + jobs, Map.of());
        }
        return home.resolve(id).resolve("report.html");
    }

    private static ChromeDriver start() {
        LoggingPreferences logs = new LoggingPreferences();
        logs.enable(LogType.BROWSER, Level.ALL);
        ChromeOptions options = new ChromeOptions()
                .setBinary(CHROMIUM.toFile())
                .addArguments(
                        "--headless",
                        "--no-sandbox",
                        "--disable-gpu",
                        "--disable-dev-shm-usage",
                        "--disable-quic",
                        "--no-first-run",
                        "--disable-background-networking",
                        "--disable-component-update",
                        "--disable-sync",
                        "--hide-scrollbars",
                        "--window-size=1280,900");
        options.setCapability("goog:loggingPrefs", logs);
        ChromeDriverService service = new ChromeDriverService.Builder()
                .usingDriverExecutable(DRIVER.toFile())
                .withSilent(true)
                .build();
        ChromeDriver browser = new ChromeDriver(service, options);
        browser.manage().timeouts().scriptTimeout(Duration.ofMinutes(1));
        return browser;
    }

    @AfterEach
    void nothingIsOnTheConsole() {
        try {
            assertThat(browser.manage().logs().get(LogType.BROWSER).getAll()).isEmpty();
        } finally {
            browser.quit();
        }
    }

    @Test
    void filtersNarrowTheGalleryAndCanBeCleared() {
        open(page);
        assertThat(count()).isEqualTo("11 jobs");

        choose("status", "failed");
        assertThat(shown()).containsExactly("Rooftop Sprint", "Finish Line");
        choose("kind", "video");
        assertThat(shown()).containsExactly("Rooftop Sprint");
        browser.findElement(By.cssSelector("button[type=reset]")).click();
        settle();
        assertThat(count()).isEqualTo("11 jobs");

        choose("status", "reused");
        assertThat(shown()).containsExactly("Locker Room");
        choose("status", "");
        choose("model", "google/veo3.1/text-to-video");
        assertThat(shown()).containsExactly("Slow Motion Splash");
        choose("model", "");
        browser.findElement(By.id("text")).sendKeys("shoe PUDDLE");
        assertThat(count()).isEqualTo("1 of 11 jobs");
        browser.findElement(By.id("text")).sendKeys(" nowhere");
        assertThat(browser.findElement(By.id("nothing")).isDisplayed()).isTrue();
    }

    @Test
    void itWorksWithTheKeyboardAlone() {
        open(page);

        browser.switchTo().activeElement().sendKeys(Keys.TAB);
        assertThat(active().getText()).isEqualTo("Skip to the jobs");
        active().sendKeys(Keys.ENTER);
        assertThat(active().getAttribute("id")).isEqualTo("jobs");
        active().sendKeys("/");
        assertThat(active().getAttribute("id")).isEqualTo("text");
        active().sendKeys("bridge");
        assertThat(shown()).containsExactly("City Run");
        active().sendKeys(Keys.ESCAPE);
        assertThat(count()).isEqualTo("11 jobs");
        browser.findElement(By.cssSelector("#job-0 summary")).sendKeys(Keys.ENTER);
        assertThat(browser.findElement(By.cssSelector("#job-0 details")).getAttribute("open"))
                .isNotNull();
    }

    @Test
    void aVideoPlays() {
        open(page);

        Object seconds = browser.executeAsyncScript("""
                const done = arguments[arguments.length - 1];
                const video = document.querySelector('#job-4 video');
                video.muted = true;
                video.addEventListener('timeupdate', () => video.currentTime > 0 && done(video.currentTime));
                video.addEventListener('error', () => done('error ' + video.error.message));
                video.play().catch(problem => done(String(problem)));
                """);

        assertThat(seconds).isInstanceOf(Number.class);
    }

    @Test
    void aPromptFullOfMarkupIsShownAsItIs() {
        open(page);

        assertThat(browser.findElement(By.cssSelector("#job-10 .prompt")).getAttribute("textContent"))
                .isEqualTo(HOSTILE);
        assertThat(browser.executeScript("return window.pwned === undefined")).isEqualTo(true);
        assertThat(browser.findElements(By.tagName("script"))).hasSize(1);
        assertThat(browser.findElements(By.cssSelector("#job-10 *")))
                .hasSameSizeAs(browser.findElements(By.cssSelector("#job-1 *")));
    }

    @Test
    void everyPictureOnItIsThere() {
        open(page);

        Object broken = browser.executeAsyncScript("""
                const done = arguments[arguments.length - 1];
                const images = [...document.images];
                images.forEach(image => image.loading = 'eager');
                Promise.all(images.map(image => image.decode().then(() => '', () => image.alt)))
                    .then(names => done(names.filter(Boolean)));
                """);

        assertThat(broken).isEqualTo(List.of());
        assertThat(browser.findElements(By.tagName("img"))).hasSize(6);
    }

    @Test
    void textHasTheContrastThatWcagAsksFor() {
        for (String scheme : List.of("light", "dark")) {
            look(scheme, 1280, 900, false);
            open(page);

            assertThat(browser.executeScript(CONTRAST)).as(scheme).isEqualTo(List.of());
        }
    }

    @Test
    void itIsReadableOnAPhone() {
        look("light", 390, 844, true);
        open(page);

        Object width = browser.executeScript("return document.documentElement.scrollWidth");

        assertThat(width).isEqualTo(390L);
    }

    @Test
    void picturesOfItAreKept() throws IOException {
        look("light", 1280, 900, false);
        open(page);
        picture("desktop.png", 1280);
        reduced("readme.png");
        look("dark", 1280, 900, false);
        open(page);
        picture("dark.png", 1280);
        look("light", 390, 844, true);
        open(page);
        picture("phone.png", 390);

        assertThat(browser.findElements(By.cssSelector("figure .key")))
                .hasSize(3)
                .allSatisfy(key -> assertThat(key.getText()).isNotBlank());
        assertThat(PICTURES.resolve("phone.png")).isNotEmptyFile();
    }

    /** The limit of 1 s in docs/performance.md is measured on a quiet machine; the figure is kept. */
    @Test
    void fiveHundredJobsCanBeFiltered() throws IOException {
        Path folder = home.resolve("five-hundred");
        List<JobRecord> jobs = SampleBatch.jobs(500, "A paper boat on a calm lake at dawn, mist, soft light");
        try (ObjectStore objects = new FileObjectStore(folder, SampleBatch.FOLDER.batchId());
                OutputStream out = Files.newOutputStream(folder.resolve("report.html"))) {
            SampleBatch.putPictures(objects, jobs);
            SampleBatch.writePage(objects, jobs, out);
        }
        open(folder.resolve("report.html"));
        Object interactive = browser.executeScript(
                "return Math.round(performance.getEntriesByType('navigation')[0].domInteractive)");
        Object filtering = browser.executeScript("""
                const start = performance.now();
                const text = document.getElementById('text');
                text.value = 'sku-49 boat';
                text.dispatchEvent(new Event('input', {bubbles: true}));
                document.body.offsetHeight;
                return Math.round(performance.now() - start);
                """);

        assertThat(count()).isEqualTo("11 of 500 jobs");
        Files.createDirectories(PICTURES);
        Files.writeString(
                PICTURES.resolve("browser.txt"),
                "500 jobs, page of " + Files.size(folder.resolve("report.html")) + " bytes: interactive after "
                        + interactive + " ms, filtered in " + filtering + " ms\n");
    }

    /** Elements whose text has less than 4.5:1 against the nearest background, 3:1 where it is large. */
    private static final String CONTRAST = """
            const parse = color => color.match(/[\\d.]+/g).map(Number);
            const light = ([r, g, b]) => [r, g, b].map(v => v / 255)
                .map(v => v <= 0.03928 ? v / 12.92 : ((v + 0.055) / 1.055) ** 2.4)
                .reduce((sum, v, i) => sum + v * [0.2126, 0.7152, 0.0722][i], 0);
            const ground = element => {
              for (let e = element; e; e = e.parentElement) {
                const color = parse(getComputedStyle(e).backgroundColor);
                if (color.length < 4 || color[3] > 0) return color;
              }
              return [255, 255, 255];
            };
            const weak = new Set();
            for (const element of document.querySelectorAll('body *')) {
              const own = [...element.childNodes].some(n => n.nodeType === 3 && n.textContent.trim());
              if (!own || ['SCRIPT', 'STYLE', 'title'].includes(element.tagName) || !element.getClientRects().length) continue;
              const style = getComputedStyle(element);
              const a = light(parse(element instanceof SVGElement ? style.fill : style.color));
              const b = light(ground(element));
              const ratio = (Math.max(a, b) + 0.05) / (Math.min(a, b) + 0.05);
              if (ratio < (parseFloat(style.fontSize) >= 24 ? 3 : 4.5)) {
                weak.add(element.tagName + '.' + element.getAttribute('class') + ' ' + ratio.toFixed(2));
              }
            }
            return [...weak];
            """;

    private void open(Path file) {
        browser.get(file.toUri().toString());
    }

    private void look(String scheme, int width, int height, boolean phone) {
        browser.executeCdpCommand(
                "Emulation.setEmulatedMedia",
                Map.of("features", List.of(Map.of("name", "prefers-color-scheme", "value", scheme))));
        browser.executeCdpCommand(
                "Emulation.setDeviceMetricsOverride",
                Map.of("width", width, "height", height, "deviceScaleFactor", 1, "mobile", phone));
    }

    /** The whole page, once the pictures and the videos' first frames are there. */
    private void picture(String name, int width) throws IOException {
        long height = ((Number) browser.executeScript("return document.documentElement.scrollHeight")).longValue();
        browser.executeCdpCommand(
                "Emulation.setDeviceMetricsOverride",
                Map.of("width", width, "height", height, "deviceScaleFactor", 1, "mobile", width < 600));
        browser.executeAsyncScript("""
                const done = arguments[arguments.length - 1];
                const ready = video => video.readyState >= 2 ? Promise.resolve() : new Promise(resolve => {
                  video.addEventListener('loadeddata', resolve);
                  video.addEventListener('error', resolve);
                  video.preload = 'auto';
                });
                Promise.all([...document.querySelectorAll('video')].map(ready))
                    .then(() => requestAnimationFrame(() => requestAnimationFrame(done)));
                """);
        Files.createDirectories(PICTURES);
        Files.write(PICTURES.resolve(name), browser.getScreenshotAs(OutputType.BYTES));
    }

    /** The upper part at 60 %, as the README shows it. */
    private void reduced(String name) throws IOException {
        Map<String, Object> clip = Map.of("x", 0, "y", 0, "width", 1280, "height", 2330, "scale", 0.6);
        Object data = browser.executeCdpCommand("Page.captureScreenshot", Map.of("format", "png", "clip", clip))
                .get("data");
        Files.write(PICTURES.resolve(name), Base64.getDecoder().decode(String.valueOf(data)));
    }

    private void choose(String filter, String value) {
        new Select(browser.findElement(By.id(filter))).selectByValue(value);
    }

    /** Until what the page put off to the next frame is done. */
    private void settle() {
        browser.executeAsyncScript(
                "const done = arguments[0]; requestAnimationFrame(() => requestAnimationFrame(done))");
    }

    private WebElement active() {
        return browser.switchTo().activeElement();
    }

    private String count() {
        return browser.findElement(By.id("count")).getText();
    }

    private List<String> shown() {
        return browser.findElements(By.cssSelector(".card:not([hidden]) h3")).stream()
                .map(WebElement::getText)
                .toList();
    }
}
