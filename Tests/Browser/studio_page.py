"""The page as a person uses it, on Chromium."""

import os
import re
import shutil
from pathlib import Path

from playwright.sync_api import TimeoutError, sync_playwright

from studio_server import ROOT

SHOTS = Path(os.environ.get("CLEANPLATE_SHOTS", ROOT / ".build/browser-shots"))
CHROMIUM = shutil.which("chromium") or shutil.which("chromium-browser") or shutil.which("google-chrome")
LONG = 600_000
MARGIN = 12


class Browser:
    """One Chromium for all tests; each test has a context of its own."""

    def __init__(self):
        self.playwright = sync_playwright().start()
        self.chromium = self.playwright.chromium.launch(
            executable_path=CHROMIUM, args=["--no-sandbox", "--autoplay-policy=no-user-gesture-required"])

    def page(self, server, *, locale="en-US", scheme="dark", size=(1280, 720), **options):
        context = self.chromium.new_context(
            viewport={"width": size[0], "height": size[1]}, locale=locale, color_scheme=scheme, accept_downloads=True,
            **options)
        return StudioPage(context.new_page(), server)

    def close(self):
        self.chromium.close()
        self.playwright.stop()


class StudioPage:
    def __init__(self, page, server):
        self.page, self.server = page, server
        self.faults = []
        page.set_default_timeout(30_000)
        page.on("pageerror", lambda error: self.faults.append(f"{error.message}\n{error.stack}"))
        page.on("console", self._hear)

    def _hear(self, message):
        # Refused and missing things are told in the console as well; a broken policy or script must not be.
        if message.type == "error" and "Failed to load resource" not in message.text and "ERR_" not in message.text:
            self.faults.append(message.text)

    def open(self, path=""):
        self.page.goto(self.server.url + path)
        self.page.wait_for_selector("body:not(.loading)")
        return self

    def close(self):
        self.page.context.close()

    def shot(self, name):
        SHOTS.mkdir(parents=True, exist_ok=True)
        self.page.wait_for_timeout(350)
        self.page.screenshot(path=SHOTS / f"{name}.png")

    # The way in

    def upload(self, path):
        self.page.set_input_files("#file", path)

    def wait_for_project(self):
        self.page.wait_for_selector("#work:not([hidden])", timeout=120_000)
        self.wait_for_frame(0)
        return self.project_id

    @property
    def project_id(self):
        # The page's own word: Playwright hears of a new address a little later.
        return re.search(r"#/p/(\w+)", self.page.evaluate("location.hash")).group(1)

    def project(self):
        """The project as the API tells it now."""
        return self.get(f"/api/v1/projects/{self.project_id}").json()

    def get(self, path):
        return self.page.request.get(self.server.url.rstrip("/") + path)

    # The picture

    def wait_for_frame(self, frame):
        self.page.wait_for_selector(f'#picture[data-frame="{frame}"]', timeout=60_000)

    def place(self, x, y):
        """Where a pixel of the fitted picture lies on the screen."""
        box = self.page.locator("#picture").bounding_box()
        media = self.project()["media"]
        scale = min((box["width"] - 2 * MARGIN) / media["width"], (box["height"] - 2 * MARGIN) / media["height"])
        left = box["x"] + (box["width"] - media["width"] * scale) / 2
        top = box["y"] + (box["height"] - media["height"] * scale) / 2
        return left + (x + 0.5) * scale, top + (y + 0.5) * scale

    def click(self, x, y, **options):
        self.page.mouse.click(*self.place(x, y), **options)

    def drag(self, *pixels):
        places = [self.place(*pixel) for pixel in pixels]
        self.page.mouse.move(*places[0])
        self.page.mouse.down()
        for place in places[1:]:
            self.page.mouse.move(*place, steps=6)
        self.page.mouse.up()

    def color(self, x, y):
        """What the canvas shows at a pixel of the picture."""
        left, top = self.place(x, y)
        box = self.page.locator("#picture").bounding_box()
        return self.page.evaluate(
            """([x, y]) => {
              const canvas = document.querySelector("#picture");
              const ratio = devicePixelRatio;
              return [...canvas.getContext("2d").getImageData(Math.round(x * ratio), Math.round(y * ratio), 1, 1).data];
            }""", [left - box["x"], top - box["y"]])[:3]

    def picture(self):
        """A number that changes with any pixel of the canvas."""
        return self.page.evaluate(
            """() => {
              const canvas = document.querySelector("#picture");
              const data = canvas.getContext("2d").getImageData(0, 0, canvas.width, canvas.height).data;
              let hash = 0;
              for (const value of data) hash = (Math.imul(hash, 31) + value) | 0;
              return hash;
            }""")

    # What is said

    def wait_for_status(self, pattern, timeout=60_000):
        try:
            self.page.wait_for_function(
                "pattern => new RegExp(pattern).test(document.querySelector('#status').textContent)", arg=pattern,
                timeout=timeout)
        except TimeoutError as error:
            notes = self.page.locator(".note p").all_text_contents()
            raise AssertionError(
                f"no status like {pattern!r}; it says {self.page.text_content('#status')!r}, and notes {notes}") from error
        return self.page.text_content("#status")

    def wait_for_error(self, timeout=60_000):
        said = ".note.error p, .upload.failed small, dialog .warning"
        self.page.wait_for_selector(said, timeout=timeout)
        return self.page.text_content(said)

    def selected_pixels(self, timeout=60_000):
        text = self.wait_for_status(r"\d.*\d+ ms|\d+ ms", timeout)
        return int(re.sub(r"\D", "", re.search(r"[\d,]+(?= (pixels|픽셀))", text).group(0)))

    def forget_status(self):
        self.page.evaluate("document.querySelector('#status').textContent = ''")

    # The steps

    def step(self, name):
        self.page.click(f'#steps [data-step="{name}"]')

    def run_job(self, key, kind, timeout=LONG):
        """Presses a button that starts a job, and waits for its end."""
        known = {job["id"] for job in self.project()["jobs"]}
        self.page.click(f'[data-key="{key}"]')
        self.wait_for_job(kind, timeout, known)

    def wait_for_job(self, kind, timeout=LONG, known=()):
        """Waits until the newest job of a kind, other than those known, is done."""
        for _ in range(timeout // 250):
            jobs = [job for job in self.project()["jobs"] if job["kind"] == kind and job["id"] not in known]
            if jobs and jobs[-1]["state"] == "done":
                return jobs[-1]
            if jobs and jobs[-1]["state"] in ("failed", "cancelled"):
                raise AssertionError(f"the job {kind} is {jobs[-1]['state']}: {jobs[-1].get('message')}")
            self.page.wait_for_timeout(250)
        raise AssertionError(f"no {kind} in {timeout / 1000} s")

    def download(self, form, folder):
        """Makes an output where it is not there yet, and saves it."""
        save = self.page.locator(f'[data-key="get-{form}"]')
        # The panel may still be the last step's.
        self.page.wait_for_selector(f'[data-key="make-{form}"], [data-key="get-{form}"]')
        if save.count() == 0:
            self.page.click(f'[data-key="make-{form}"]')
        save.wait_for(timeout=LONG)
        with self.page.expect_download(timeout=LONG) as waiting:
            save.click()
        path = Path(folder) / waiting.value.suggested_filename
        waiting.value.save_as(path)
        return path
