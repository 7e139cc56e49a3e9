"""The whole way: a video comes in, an object goes out of it, and every file is saved."""

import json
import subprocess
import unittest
import zipfile

from case import StudioCase
from studio_server import IS_QUICK

LAST = 11 if IS_QUICK else 39


def frames_of(film):
    words = subprocess.run(
        ["ffprobe", "-v", "error", "-count_frames", "-select_streams", "v", "-show_entries", "stream=nb_read_frames",
         "-of", "json", film],
        check=True, capture_output=True, text=True).stdout
    return int(json.loads(words)["streams"][0]["nb_read_frames"])


class WholeWay(StudioCase):
    def test_from_upload_to_downloads(self):
        page = self.page()
        page.shot("01-home")
        page.upload(self.clip.path)
        page.wait_for_project()
        page.wait_for_job("ingest")
        page.step("video")
        page.shot("02-video")

        page.step("select")
        pixels = self.click_object(page)
        self.assertGreater(pixels, 300)
        page.shot("03-select")

        page.step("track")
        page.page.fill('[data-key="to"]', str(LAST))
        page.page.keyboard.press("Tab")
        page.page.wait_for_function("() => document.querySelector('#range-end').getAttribute('aria-valuenow') == %d" % LAST)
        page.page.click('[data-key="track"]')
        page.page.wait_for_selector(".job")
        page.shot("04-tracking")
        page.page.reload()
        page.wait_for_project()
        page.wait_for_job("track")
        page.step("track")
        self.assertEqual(page.project()["track"]["frames"], [[0, LAST]])

        self.see_the_worst(page)
        page.shot("05-tracked")
        self.reload_in_the_middle(page)
        self.correct(page)
        self.inpaint_through_a_kill(page)
        self.compare(page)
        self.save_all(page)

    def see_the_worst(self, page):
        """Where the tracker doubts, its worst frame is one key away."""
        worst = page.get(f"/api/v1/projects/{page.project_id}/report").json()["worst"]
        page.page.wait_for_function("() => /\\d/.test(document.querySelector('#panel > p')?.textContent ?? '')")
        if worst:
            page.page.keyboard.press("w")
            page.page.wait_for_selector(".worst .here")

    def reload_in_the_middle(self, page):
        frame = page.page.input_value("#frame-number")
        page.page.reload()
        page.page.wait_for_selector("#work:not([hidden])")
        page.wait_for_frame(int(frame))
        self.assertEqual(page.project()["track"]["state"], "done")

    def correct(self, page):
        """A click on a later frame makes the track stale; tracking on mends it."""
        page.step("track")
        page.page.fill("#frame-number", str(LAST // 2))
        page.page.keyboard.press("Enter")
        page.wait_for_frame(LAST // 2)
        page.forget_status()
        self.click_object(page)
        page.forget_status()
        page.click(*self.clip.outside, button="right")
        page.selected_pixels()
        page.page.wait_for_function("() => document.querySelector('[data-key=track]').textContent.includes('changes')")
        page.shot("06-correct")
        page.run_job("track", "track")
        self.assertEqual(page.project()["track"]["state"], "done")

    def inpaint_through_a_kill(self, page):
        page.step("inpaint")
        page.shot("07-inpaint")
        page.page.click('[data-key="inpaint"]')
        page.page.wait_for_selector(".job progress[value]")
        page.shot("08-inpainting")
        self.server.kill()
        page.page.wait_for_selector("#offline:not([hidden])")
        self.assertGreater(page.page.evaluate("document.querySelector('.job use').getBBox().width"), 0, "icons stay")
        page.shot("09-offline")
        self.server.start()
        page.page.wait_for_selector("#offline", state="hidden")
        job = page.wait_for_job("inpaint")
        self.assertEqual(job["state"], "done")

    def compare(self, page):
        page.page.wait_for_selector('#picture[data-view="split"]')
        page.shot("10-compare")
        divider = page.page.locator("#divider")
        before = int(divider.get_attribute("aria-valuenow"))
        box = divider.bounding_box()
        page.page.mouse.move(box["x"] + box["width"] / 2, box["y"] + box["height"] / 2)
        page.page.mouse.down()
        page.page.mouse.move(box["x"] - 200, box["y"] + box["height"] / 2, steps=5)
        page.page.mouse.up()
        self.assertLess(int(divider.get_attribute("aria-valuenow")), before - 10)
        after = [page.color(*place) for place in self.clip.inside]
        page.page.keyboard.down("b")
        page.page.wait_for_selector('#picture[data-view="source"]')
        held = [page.color(*place) for place in self.clip.inside]
        page.page.keyboard.up("b")
        page.page.wait_for_selector('#picture[data-view="split"]')
        # What was filled may look like what it hides in one place.
        changes = [sum(abs(a - b) for a, b in zip(*colors)) for colors in zip(after, held)]
        self.assertGreater(max(changes), 20, "before and after look the same")
        self.play(page)

    def play(self, page):
        page.page.keyboard.press("Home")
        page.page.keyboard.press("Space")
        page.page.wait_for_function("() => Number(document.querySelector('#frame-number').value) >= 8")
        page.page.keyboard.press("Space")
        self.assertFalse(page.page.evaluate("document.body.classList.contains('playing')"))

    def save_all(self, page):
        page.step("download")
        page.shot("11-download")
        stem = self.clip.path.stem
        film = page.download("inpainting_h264", self.folder)
        self.assertEqual(film.name, f"{stem}_inpainting_h264.mp4")
        self.assertGreaterEqual(frames_of(film), LAST + 1)
        masked = page.download("seg_video", self.folder)
        self.assertEqual(masked.name, f"{stem}_seg1.mp4")
        self.assertGreaterEqual(frames_of(masked), LAST + 1)
        masks = page.download("mask_zip", self.folder)
        self.assertEqual(masks.name, f"{stem}_pred_mask.zip")
        with zipfile.ZipFile(masks) as archive:
            self.assertGreaterEqual(len([name for name in archive.namelist() if name.endswith(".png")]), LAST + 1)
        for form in ("prores_matte", "ffv1"):
            self.assertGreaterEqual(frames_of(page.download(form, self.folder)), LAST + 1)
        with zipfile.ZipFile(page.download("png_zip", self.folder)) as archive:
            self.assertGreaterEqual(len(archive.namelist()), LAST + 1)
        page.shot("12-downloads")
        page.page.click("#brand")
        page.page.wait_for_selector(".project")
        page.shot("13-projects")


class Presses(StudioCase):
    def test_a_button_drawn_anew_while_pressed(self):
        """Progress redraws the panel many times a second: a click must not be lost by it."""
        page = self.new_project()
        for step in ("track", "select"):
            button = page.page.locator(f'#steps [data-step="{step}"]')
            button.hover()
            page.page.mouse.down()
            self.draw_anew(page)
            page.page.mouse.up()
            page.page.wait_for_selector(f'#steps [data-step="{step}"].here')
        page.page.focus('#steps [data-step="download"]')
        page.page.keyboard.down(" ")
        self.draw_anew(page)
        page.page.keyboard.up(" ")
        page.page.wait_for_selector('[data-key="make-seg_video"]')

    def draw_anew(self, page):
        page.page.evaluate(
            """async () => {
              (await import("/page/js/state.js")).state.touch("project");
              for (let i = 0; i < 2; i++) await new Promise(requestAnimationFrame);
            }""")


if __name__ == "__main__":
    unittest.main()
