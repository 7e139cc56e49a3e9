"""Marks, objects, undo; zoom to the pixel; the timeline."""

import re
import unittest

from case import StudioCase


class Marking(StudioCase):
    def test_undo_redo_and_clear(self):
        page = self.new_project()
        page.click(*self.clip.inside[0])
        page.selected_pixels()
        page.forget_status()
        page.click(*self.clip.inside[1])
        page.selected_pixels()
        self.assert_points(2, page)
        page.page.keyboard.press("Control+z")
        page.wait_for_status("Undone")
        self.assert_points(1, page)
        page.page.keyboard.press("Control+Shift+z")
        page.wait_for_status("Redone")
        self.assert_points(2, page)
        page.page.keyboard.press("Backspace")
        page.wait_for_status("cleared")
        self.assert_soon([], lambda: page.project()["prompts"])
        page.page.click("#undo")
        page.wait_for_status("Undone")
        self.assert_points(2, page)

    def assert_points(self, count, page):
        self.assert_soon(count, lambda: sum(len(prompt["points"]) for prompt in page.project()["prompts"]))

    def test_box_scribble_and_outside(self):
        page = self.new_project()
        x, y, width, height = self.clip.box
        page.page.keyboard.press("x")
        page.drag((x, y), (x + width, y + height))
        self.assertGreater(page.selected_pixels(), 300)
        page.forget_status()
        page.page.keyboard.press("s")
        page.drag(self.clip.inside[0], self.clip.inside[1])
        page.selected_pixels()
        page.forget_status()
        page.page.keyboard.press("d")
        page.click(*self.clip.outside)
        page.selected_pixels()
        prompt = page.project()["prompts"][0]
        self.assertEqual((bool(prompt["box"]), len(prompt["strokes"]), prompt["points"][0]["inside"]), (True, 1, False))
        page.shot("marks")

    def test_objects(self):
        page = self.new_project()
        self.click_object(page)
        page.page.keyboard.press("n")
        page.page.wait_for_selector('[data-key="name-2"]')
        page.page.fill('[data-key="name-2"]', "the road sign")
        page.page.keyboard.press("Enter")
        page.page.click('[data-key="eye-1"]')
        page.page.click('label.tick:has([data-key="in-2"])')
        self.assert_soon([False, True], lambda: [object["visible"] for object in page.project()["objects"]])
        self.assert_soon([True, False], lambda: [object["included"] for object in page.project()["objects"]])
        second = page.project()["objects"][1]
        self.assertEqual((second["name"], second["color"].lower()), ("the road sign", "#008000"))
        page.shot("objects")
        page.page.click('[data-key="remove-2"]')
        page.wait_for_status("removed")
        self.assert_soon(1, lambda: len(page.project()["objects"]))
        page.page.keyboard.press("Control+z")
        page.wait_for_status("Undone")
        self.assert_soon(["the road sign"], lambda: [object["name"] for object in page.project()["objects"][1:]])

    def test_a_name_that_is_typed_outlives_a_list_drawn_anew(self):
        page = self.new_project()
        name = '[data-key="name-1"]'
        page.page.keyboard.press("n")
        page.page.wait_for_selector(name)
        page.page.focus(name)
        page.page.keyboard.press("Control+a")
        self.draw_anew(page)
        page.page.keyboard.type("the road")
        self.draw_anew(page)
        page.page.keyboard.type(" sign")
        page.page.keyboard.press("Enter")
        self.assert_soon("the road sign", lambda: page.project()["objects"][0]["name"])
        page.page.wait_for_selector('button[aria-label*="the road sign"]')

    def draw_anew(self, page):
        """As each word from the server does."""
        page.page.evaluate("import('/page/js/state.js').then(({ state }) => state.touch('project'))")

    def test_other_readings_of_a_click(self):
        page = self.new_project()
        held = []
        others = re.compile(r"/candidates\?")
        page.page.route(others, lambda route: held.append(route))
        page.click(*self.clip.inside[0])
        page.selected_pixels()
        page.page.wait_for_selector('.stepper[aria-busy="true"]')
        self.assertTrue(page.page.locator('[data-key="candidate-on"]').is_disabled(), "the mask is there before the rest")
        page.shot("looking")
        page.page.wait_for_timeout(200)
        held[0].continue_()
        page.page.unroute(others)
        page.page.wait_for_selector('.stepper[aria-busy="false"]')
        self.assertRegex(page.page.text_content(".stepper strong"), r"Reading 1 of [2-9]")
        page.forget_status()
        page.page.keyboard.press("c")
        page.selected_pixels()
        self.assertEqual(page.project()["prompts"][0]["candidate"], 1)
        page.page.wait_for_selector("text=/Reading 2 of/")
        page.shot("candidates")
        page.page.reload()
        page.wait_for_project()
        page.forget_status()
        page.page.keyboard.press("c")
        page.selected_pixels()
        self.assertNotEqual(page.project()["prompts"][0]["candidate"], 1, "steps on from a mark of an earlier day")

    def test_propose(self):
        page = self.new_project()
        page.page.click('[data-key="summary-propose"]')
        page.page.fill('[data-key="pointsPerSide"]', "6")
        page.page.fill('[data-key="maximumObjects"]', "5")
        page.page.keyboard.press("Tab")
        page.page.wait_for_timeout(800)
        page.page.click('[data-key="propose"]')
        page.wait_for_status("proposed", timeout=120_000)
        self.assertGreater(len(page.project()["objects"]), 1)
        page.shot("proposed")

    def test_mask_survives_a_reload(self):
        page = self.new_project()
        self.click_object(page)
        page.page.reload()
        page.wait_for_project()
        self.assert_points(2, page)
        page.page.keyboard.press("h")
        page.page.mouse.move(5, 5)
        page.page.wait_for_timeout(1500)
        shown = page.picture()
        page.page.keyboard.press("m")
        page.page.wait_for_timeout(300)
        hidden = page.picture()
        self.assertEqual(page.get(f"/api/v1/projects/{page.project_id}/masks/0.png").status, 200)
        self.assertNotEqual(shown, hidden, "the mask is not shown")

    def test_zoom_to_the_pixel(self):
        page = self.new_project()
        page.page.mouse.move(*page.place(*self.clip.inside[0]))
        for _ in range(14):
            page.page.mouse.wheel(0, -300)
        page.page.wait_for_function("() => parseInt(document.querySelector('#zoom').textContent.replace(/\\D/g, '')) > 1500")
        self.assertIn(f"{self.clip.inside[0][0]}, {self.clip.inside[0][1]}", page.page.text_content("#pixel"))
        page.page.wait_for_timeout(800)
        page.shot("pixels")
        page.page.keyboard.press("0")
        page.page.wait_for_function("() => parseInt(document.querySelector('#zoom').textContent.replace(/\\D/g, '')) < 1000")

    def test_timeline_handles_and_scrubbing(self):
        page = self.new_project()
        media = page.project()["media"]
        track = page.page.locator("#track").bounding_box()
        page.page.mouse.click(track["x"] + track["width"] / 2, track["y"] + 40)
        page.wait_for_frame(media["frames"] // 2)
        page.page.keyboard.press("[")
        page.page.focus("#range-end")
        page.page.keyboard.press("ArrowLeft")
        page.page.keyboard.press("Shift+ArrowLeft")
        wanted = [media["frames"] // 2, max(media["frames"] // 2, media["frames"] - 12)]
        self.assert_soon(wanted, lambda: page.project()["range"])
        for _ in range(4):
            page.page.keyboard.press("Control+z")
        self.assert_soon([0, media["frames"] - 1], lambda: page.project()["range"])


if __name__ == "__main__":
    unittest.main()
