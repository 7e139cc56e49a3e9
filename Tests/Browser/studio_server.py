"""The studio's server as a process of its own, for tests that drive its page."""

import os
import re
import shutil
import socket
import subprocess
import tempfile
import time
import urllib.request
from pathlib import Path

ROOT = Path(__file__).resolve().parents[2]
BINARY = Path(os.environ.get("CLEANPLATE_BINARY", ROOT / ".build/release/cleanplate")).resolve()
SHARED = Path(os.environ.get("CLEANPLATE_SHARED", ROOT.parent / "shared"))
IS_QUICK = os.environ.get("CLEANPLATE_QUICK") == "1"


def free_port():
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        return probe.getsockname()[1]


class Server:
    """Starts the studio on a free port; ends it, and what it kept, when closed."""

    def __init__(self, *arguments, data=None):
        self.arguments = list(arguments)
        self.port = free_port()
        self.owns_data = data is None
        self.data = Path(data or tempfile.mkdtemp(prefix="cleanplate-browser-"))
        self.log = self.data.parent / f"{self.data.name}.log"
        self.process = None
        self.start()

    @property
    def url(self):
        return f"http://127.0.0.1:{self.port}/"

    @property
    def token(self):
        found = re.search(r"^Token: (\S+)", self.log.read_text(), re.MULTILINE)
        return found.group(1) if found else None

    def start(self):
        command = [str(BINARY), "studio", "--port", str(self.port), "--data", str(self.data), *self.arguments]
        with open(self.log, "ab") as log:
            self.process = subprocess.Popen(command, stdout=log, stderr=log, start_new_session=True)
        deadline = time.monotonic() + 30
        while time.monotonic() < deadline:
            if self.process.poll() is not None:
                raise RuntimeError(f"the studio ended at once: {self.log.read_text()[-2000:]}")
            try:
                with urllib.request.urlopen(self.url + "healthz", timeout=2):
                    return
            except OSError:
                time.sleep(0.1)
        raise RuntimeError(f"the studio did not answer in 30 seconds: {self.log.read_text()[-2000:]}")

    def kill(self):
        """Ends the server by -9; its workers have to notice by themselves."""
        self.process.kill()
        self.process.wait()

    def close(self):
        if self.process.poll() is None:
            self.process.terminate()
            try:
                self.process.wait(timeout=10)
            except subprocess.TimeoutExpired:
                self.kill()
        if self.owns_data:
            shutil.rmtree(self.data, ignore_errors=True)
            self.log.unlink(missing_ok=True)

    def __enter__(self):
        return self

    def __exit__(self, *_):
        self.close()


class Clip:
    """The clip of the tests, and places on its first frame that lie on the object."""

    def __init__(self, path, inside, outside, box):
        self.path, self.inside, self.outside, self.box = path, inside, outside, box


def clip():
    """MG4car where the shared clips are, else a rendered street."""
    car = SHARED / "clips/MG4car.mp4"
    if car.exists():
        return Clip(car, [(330, 225), (440, 290)], (650, 300), (235, 190, 330, 225))
    return rendered_clip(320, 180, 24)


def rendered_clip(width, height, frames):
    """A street that is drawn, with somebody who walks along it; free to be shown anywhere."""
    folder = ROOT / f".build/browser-clip/{width}x{height}x{frames}"
    film = folder / "before.mp4"
    if not film.exists():
        subprocess.run(
            [BINARY, "demo", "--force", "--size", f"{width}x{height}", "--frames", str(frames), "--output", folder],
            check=True, stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL)
    street = folder / "street.mp4"
    shutil.copyfile(film, street)
    scale = width / 640
    inside = [(round(x * scale), round(y * scale)) for x, y in ((177, 180), (181, 245))]
    outside = round(280 * scale), round(200 * scale)
    return Clip(street, inside, outside, tuple(round(side * scale) for side in (150, 106, 54, 194)))
