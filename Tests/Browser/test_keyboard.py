"""All of it without a pointer, in sight of a screen reader, and in Korean."""

import re
import unittest

from case import StudioCase


class Keyboard(StudioCase):
    def test_whole_way_by_keys_alone(self):
        page = self.new_project()
        keys = page.page.keyboard
        media = page.project()["media"]
        keys.press("g")
        keys.press("ArrowRight")
        x, y = media["width"] // 2, media["height"] // 2
        for key, distance in (("ArrowRight", self.clip.inside[0][0] - x), ("ArrowDown", self.clip.inside[0][1] - y)):
            key = key if distance > 0 else {"ArrowRight": "ArrowLeft", "ArrowDown": "ArrowUp"}[key]
            for _ in range(abs(distance) // 10):
                keys.press(f"Shift+{key}")
            for _ in range(abs(distance) % 10):
                keys.press(key)
        self.assertIn(f"{self.clip.inside[0][0]}, {self.clip.inside[0][1]}", page.page.text_content("#pixel"))
        page.shot("keyboard-cross")
        keys.press("Enter")
        page.selected_pixels()
        point = page.project()["prompts"][0]["points"][0]
        self.assertEqual((point["x"], point["y"], point["inside"]), (*self.clip.inside[0], True))
        keys.press("Escape")
        for _ in range(5):
            keys.press(".")
        page.wait_for_frame(5)
        keys.press("]")
        self.assert_soon([0, 5], lambda: page.project()["range"])
        keys.press("t")
        page.wait_for_job("track")
        page.page.wait_for_timeout(800)
        keys.press("4")
        keys.press("i")
        page.wait_for_job("inpaint")
        page.page.wait_for_selector('#picture[data-view="split"]')
        keys.press("v")
        page.page.wait_for_selector('#picture[data-view="clean"]')
        keys.press("5")
        self.tab_to(page, "get-inpainting_h264")
        with page.page.expect_download() as waiting:
            keys.press("Enter")
        self.assertTrue(waiting.value.suggested_filename.endswith("_inpainting_h264.mp4"))

    def tab_to(self, page, key):
        for _ in range(90):
            page.page.keyboard.press("Tab")
            if page.page.evaluate("document.activeElement.dataset.key") == key:
                return
        self.fail(f"{key} is not reached")

    def test_tab_reaches_everything_once(self):
        page = self.new_project()
        seen = []
        for _ in range(90):
            page.page.keyboard.press("Tab")
            name = page.page.evaluate(
                """() => {
                  const node = document.activeElement;
                  if (node === document.body) return null;
                  const label = node.getAttribute("aria-label") ?? node.labels?.[0]?.textContent ?? node.textContent;
                  return `${node.id || node.dataset.key || node.tagName}: ${label.trim()}`;
                }""")
            if name is None:
                break
            seen.append(name)
        self.assertFalse([name for name in seen if re.search(r": $", name)], "something has no name")
        for part in ("#name", "#undo", "#picture", "#playhead", "#range-start", "#range-end", "#play", "#add-object"):
            if page.page.locator(part).is_enabled():
                self.assertTrue(any(name.startswith(part[1:] + ":") for name in seen), f"{part} is not reached: {seen}")

    def test_sheet_of_keys(self):
        page = self.page()
        page.page.keyboard.press("?")
        self.assertGreater(page.page.locator("dialog kbd").count(), 30)
        page.shot("keys")
        page.page.keyboard.press("Escape")
        page.page.wait_for_selector("dialog", state="detached")

    def test_theme_is_remembered(self):
        page = self.page()
        dark = page.page.evaluate("getComputedStyle(document.body).backgroundColor")
        page.page.keyboard.press("y")
        page.page.reload()
        page.page.wait_for_selector("body:not(.loading)")
        self.assertNotEqual(page.page.evaluate("getComputedStyle(document.body).backgroundColor"), dark)


class Korean(StudioCase):
    def test_speaks_korean(self):
        page = self.page(locale="ko-KR")
        self.assertEqual(page.page.get_attribute("html", "lang"), "ko")
        page.shot("ko-home")
        page.upload(self.clip.path)
        page.wait_for_project()
        page.click(*self.clip.inside[0])
        page.wait_for_status("선택했습니다")
        for step in ("video", "select", "track", "inpaint", "download"):
            page.step(step)
            page.page.wait_for_timeout(200)
            text = page.page.inner_text("#side")
            self.assertFalse(re.findall(r"\b(?:track|select|inpaint|settings|video|job|form)\.\w+", text), "a message is missing")
            self.assertRegex(text, "[가-힣]")
        page.step("select")
        self.assertEqual(page.page.input_value('[data-key="name-1"]'), "대상 1")
        page.shot("ko-select")


class Sizes(StudioCase):
    def test_nothing_sticks_out(self):
        for size in ((1280, 720), (1024, 768), (768, 1024)):
            page = self.new_project(size=size, scheme="light")
            for step in ("video", "select", "track", "inpaint", "download"):
                page.step(step)
                page.page.wait_for_timeout(150)
                wide, seen = page.page.evaluate("[document.documentElement.scrollWidth, innerWidth]")
                self.assertLessEqual(wide, seen, f"{step} at {size}")
            page.shot(f"size-{size[0]}")


if __name__ == "__main__":
    unittest.main()
