"""What goes wrong is said in the API's sentence, and nothing is lost by it."""

import base64
import unittest

from case import StudioCase
from studio_server import clip


class Refusals(StudioCase):
    def test_not_a_video(self):
        film = self.folder / "poem.mp4"
        film.write_text("roses are red, violets are blue\n" * 400)
        page = self.page()
        page.upload(film)
        self.assertRegex(page.wait_for_error(), r"(?i)video|media|read|format")
        page.shot("error-not-a-video")

    def test_an_unknown_project(self):
        page = self.page("#/p/AAAAAAAAAAAAAAAAAAAAAA")
        self.assertIn("no such project", page.wait_for_error().lower())
        page.page.wait_for_selector("#home:not([hidden])")

    def test_rename_duplicate_delete(self):
        page = self.new_project()
        page.page.fill("#name", "A red car")
        page.page.keyboard.press("Enter")
        self.assert_soon("A red car", lambda: page.project()["name"])
        page.page.click("#brand")
        card = page.page.locator(".project", has_text="A red car")
        card.first.wait_for()
        card.first.locator('[aria-label="Duplicate"]').click()
        page.wait_for_status("duplicated")
        page.page.wait_for_function("() => document.querySelectorAll('.project').length >= 2")
        card.first.locator('[aria-label="Delete"]').click()
        page.shot("delete")
        page.page.click("dialog .danger")
        page.wait_for_status("deleted")
        self.assertIn("used", page.page.text_content("#disk"))


class TooLarge(StudioCase):
    server_arguments = ("--max-bytes", "100K")

    def test_too_large(self):
        film = self.folder / "large.mp4"
        film.write_bytes(self.clip.path.read_bytes() + bytes(200_000))
        page = self.page()
        page.upload(film)
        self.assertRegex(page.wait_for_error(), r"(?i)up to 102")
        page.shot("error-too-large")


class DiskFull(StudioCase):
    server_arguments = ("--disk", "300K")

    def test_disk_full(self):
        film = self.folder / "large.mp4"
        film.write_bytes(self.clip.path.read_bytes() + bytes(400_000))
        page = self.page()
        page.upload(film)
        self.assertRegex(page.wait_for_error(), r"(?i)disk|room|space")
        page.shot("error-disk-full")


class Token(StudioCase):
    server_arguments = ("--host", "0.0.0.0")

    def test_token_is_asked_for(self):
        page = self.page()
        page.page.wait_for_selector("dialog input[type=password]")
        page.shot("token")
        page.page.fill("dialog input", "wrong")
        page.page.keyboard.press("Enter")
        self.assertIn("token", page.wait_for_error().lower())
        page.shot("error-wrong-token")
        page.page.fill("dialog input", self.server.token)
        page.page.keyboard.press("Enter")
        page.page.wait_for_selector("#limits:not(:empty)")
        page.page.reload()
        page.page.wait_for_selector("#limits:not(:empty)")
        self.assertEqual(page.page.locator("dialog").count(), 0)
        page.upload(self.clip.path)
        page.wait_for_project()
        self.start_anew()
        page.page.wait_for_selector("dialog input[type=password]")
        page.page.fill("dialog input", self.server.token)
        page.page.keyboard.press("Enter")
        page.page.wait_for_selector("#offline", state="hidden")

    def start_anew(self):
        """A server that is started again has another token."""
        self.server.kill()
        self.server.log.write_text("")
        self.server.start()


class Folders(StudioCase):
    """Clips that are on the server already need no upload."""

    @classmethod
    def setUpClass(cls):
        cls.server_arguments = ("--folder", str(clip().path.parent))
        super().setUpClass()

    def test_opens_from_a_folder(self):
        page = self.page()
        page.page.wait_for_selector("#from-server")
        page.page.focus("#from-server")
        page.page.keyboard.press("Enter")
        page.page.wait_for_selector(".entry")
        page.page.keyboard.press("Enter")
        film = page.page.locator(".entry", has_text=self.clip.path.name)
        film.wait_for()
        page.shot("folders")
        film.press("Enter")
        page.wait_for_project()
        self.assertEqual(page.project()["media"]["name"], self.clip.path.name)


class Uploads(StudioCase):
    """Pauses, lost connections and reloads lose no byte."""

    LENGTH = 24 << 20

    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        film = cls.clip.path.read_bytes()
        # A box of the type `free` is padding to every reader of MP4.
        padding = cls.LENGTH - len(film)
        cls.film = cls.folder / "padded.mp4"
        cls.film.write_bytes(film + padding.to_bytes(4, "big") + b"free" + bytes(padding - 8))

    def throttled(self):
        page = self.page()
        network = page.page.context.new_cdp_session(page.page)
        network.send("Network.enable")

        def shape(offline=False, rate=3e6):
            network.send("Network.emulateNetworkConditions", {
                "offline": offline, "latency": 0, "downloadThroughput": -1, "uploadThroughput": rate})
        shape()
        return page, shape

    def test_dropped_onto_the_page(self):
        page = self.page()
        film = page.page.evaluate_handle(
            """async ([name, base64]) => {
              const bytes = Uint8Array.from(atob(base64), (letter) => letter.charCodeAt(0));
              const transfer = new DataTransfer();
              transfer.items.add(new File([bytes], name, { type: "video/mp4" }));
              return transfer;
            }""", [self.clip.path.name, base64.b64encode(self.clip.path.read_bytes()).decode()])
        page.page.dispatch_event("#drop", "dragenter", {"dataTransfer": film})
        page.page.wait_for_selector("body.dropping")
        page.shot("dropping")
        page.page.dispatch_event("#drop", "drop", {"dataTransfer": film})
        page.wait_for_project()
        self.assertEqual(page.project()["media"]["name"], self.clip.path.name)

    def test_pause_and_resume(self):
        page, shape = self.throttled()
        page.upload(self.film)
        page.page.click('.upload [data-key^="pause-"]', timeout=60_000)
        page.page.wait_for_selector(".upload.paused")
        page.shot("upload-paused")
        shape(rate=-1)
        page.page.click('.upload [data-key^="pause-"]')
        page.wait_for_project()

    def test_lost_connection_and_reload(self):
        page, shape = self.throttled()
        page.upload(self.film)
        page.page.wait_for_function("() => document.querySelector('.upload progress')?.value > 2e6", timeout=60_000)
        shape(offline=True)
        page.page.wait_for_selector(".upload.waiting")
        page.shot("upload-lost")
        shape()
        page.page.wait_for_selector(".upload.running")
        page.page.on("dialog", lambda dialog: dialog.accept())
        page.page.reload()
        page.page.wait_for_selector(".upload.part")
        page.shot("upload-unfinished")
        page.upload(self.film)
        page.wait_for_project()
        self.assertGreaterEqual(page.project()["bytes"], self.LENGTH)


if __name__ == "__main__":
    unittest.main()
