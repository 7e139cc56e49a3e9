"""The way that docs/tutorial.md tells, step by step, on a rendered clip; its pictures are made here."""

import os
import subprocess
import unittest

from case import StudioCase
from studio_page import SHOTS
from studio_server import ROOT, rendered_clip

WIDTH = 960
# The walker on the first frame, and where he comes out from behind the tree: clicks inside, clicks outside.
MARKS = [(177, 180), (181, 245), (180, 118), (172, 136)], [(202, 158)]
BEHIND_THE_TREE = 28
MARKS_THERE = [(349, 118), (350, 176), (353, 270)], [(330, 200), (366, 130)]


class Tutorial(StudioCase):
    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls.clip = rendered_clip(640, 360, 48)

    def test_pictures(self):
        page = self.page()
        page.shot("tutorial-1-video")
        page.upload(self.clip.path)
        page.wait_for_project()
        page.wait_for_job("ingest")

        self.mark(page, *MARKS)
        page.shot("tutorial-2-select")

        page.step("track")
        page.page.click('[data-key="track"]')
        page.page.wait_for_function(
            "() => document.querySelector('.job strong')?.textContent === 'Tracking'"
            " && /^[1-9]/.test(document.querySelector('.job output').textContent)", timeout=120_000)
        page.shot("tutorial-3-track")
        page.wait_for_job("track")
        self.go_to(page, BEHIND_THE_TREE)
        self.mark(page, *MARKS_THERE)
        page.shot("tutorial-4-correct")
        page.run_job("track", "track")

        page.step("inpaint")
        page.page.focus('[data-key="dilate"]')
        for _ in range(13):
            page.page.keyboard.press("ArrowRight")
        page.page.wait_for_timeout(1500)
        page.run_job("inpaint", "inpaint")
        page.page.wait_for_selector('#picture[data-view="split"]')
        self.go_to(page, 14)
        page.page.focus("#divider")
        for _ in range(6):
            page.page.keyboard.press("ArrowLeft")
        page.shot("tutorial-5-inpaint")

        page.step("download")
        page.download("inpainting_h264", self.folder)
        page.download("mask_zip", self.folder)
        page.shot("tutorial-6-download")

    def go_to(self, page, frame):
        page.page.fill("#frame-number", str(frame))
        page.page.keyboard.press("Enter")
        page.wait_for_frame(frame)

    def mark(self, page, inside, outside):
        for key, places in (("a", inside), ("d", outside)):
            page.page.keyboard.press(key)
            for place in places:
                page.forget_status()
                page.click(*place)
                page.selected_pixels()
        page.page.mouse.move(1200, 500)

    @classmethod
    def tearDownClass(cls):
        """Makes the pictures small where their place is asked for: CLEANPLATE_TUTORIAL=docs/tutorial."""
        super().tearDownClass()
        target = os.environ.get("CLEANPLATE_TUTORIAL")
        if not target:
            return
        folder = ROOT / target
        folder.mkdir(parents=True, exist_ok=True)
        for shot in sorted(SHOTS.glob("tutorial-*.png")):
            subprocess.run(
                ["ffmpeg", "-nostdin", "-v", "error", "-y", "-i", shot, "-filter_complex",
                 f"scale={WIDTH}:-1:flags=lanczos,split[a][b];[a]palettegen=200[p];[b][p]paletteuse=dither=none",
                 folder / shot.name.removeprefix("tutorial-")], check=True)


if __name__ == "__main__":
    unittest.main()
