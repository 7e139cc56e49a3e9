"""What the browser tests share: one Chromium, a server for each class, and no fault in a page at its end."""

import tempfile
import time
import unittest
from pathlib import Path

from studio_page import Browser
from studio_server import Server, clip

_browser = None


def browser():
    global _browser
    if _browser is None:
        _browser = Browser()
        unittest.addModuleCleanup(_close)
    return _browser


def _close():
    global _browser
    if _browser is not None:
        _browser.close()
        _browser = None


class StudioCase(unittest.TestCase):
    """A server for the class, a new page for each test."""

    server_arguments = ()

    @classmethod
    def setUpClass(cls):
        cls.clip = clip()
        cls.server = Server(*cls.server_arguments)
        cls.addClassCleanup(cls.server.close)
        folder = tempfile.TemporaryDirectory(prefix="cleanplate-browser-")
        cls.addClassCleanup(folder.cleanup)
        cls.folder = Path(folder.name)

    def setUp(self):
        self.pages = []

    def tearDown(self):
        result = self._outcome.result
        if any(test is self for test, _ in result.failures + result.errors):
            for index, page in enumerate(self.pages):
                page.shot(f"failed-{self.id().split('.')[-1]}-{index}")
        for page in self.pages:
            page.close()
            self.assertEqual(page.faults, [], "the page had faults")

    def page(self, path="", **options):
        page = browser().page(self.server, **options)
        self.pages.append(page)
        return page.open(path)

    def new_project(self, **options):
        """A page with a new project of the clip."""
        page = self.page(**options)
        page.upload(self.clip.path)
        page.wait_for_project()
        return page

    def click_object(self, page):
        """Clicks twice on the object; how many pixels that selects."""
        page.forget_status()
        page.click(*self.clip.inside[0])
        page.selected_pixels()
        page.forget_status()
        page.click(*self.clip.inside[1])
        return page.selected_pixels()

    def assert_soon(self, expected, read, seconds=15):
        """That what `read` gives becomes what is expected: changes of a page are on their way for a while."""
        end = time.monotonic() + seconds
        while read() != expected and time.monotonic() < end:
            time.sleep(0.1)
        self.assertEqual(read(), expected)
