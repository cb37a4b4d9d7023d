"""A virtual screen with a mouse and a keyboard, for programs that show windows."""

import os
import subprocess
import time
from pathlib import Path

import mss
import mss.tools
from Xlib import XK, X, display
from Xlib.ext import xtest

WIDTH, HEIGHT = 1600, 900


class Screen:
    """An X server that nobody sees, so many dots wide and high."""

    def __init__(self, width: int = WIDTH, height: int = HEIGHT) -> None:
        self.width, self.height = width, height
        read, write = os.pipe()
        command = ["Xvfb", "-displayfd", str(write), "-screen", "0", f"{width}x{height}x24", "-nolisten", "tcp"]
        self._server = subprocess.Popen(command, pass_fds=[write], stderr=subprocess.DEVNULL)
        os.close(write)
        with os.fdopen(read) as answer:
            self.name = f":{answer.readline().strip()}"
        self._display = display.Display(self.name)

    def click(self, x: int, y: int) -> None:
        """Move the mouse there and press its first button."""
        self._do((X.MotionNotify, 0, x - 2, y), (X.MotionNotify, 0, x, y))
        time.sleep(0.3)
        self._do((X.ButtonPress, 1, x, y), (X.ButtonRelease, 1, x, y))

    def _do(self, *events: tuple[int, int, int, int]) -> None:
        for kind, detail, x, y in events:
            xtest.fake_input(self._display, kind, detail, x=x, y=y)
            self._display.sync()
            time.sleep(0.1)

    def press(self, key: str) -> None:
        """Press a key, named as X names it: `Return`, `Escape`."""
        code = self._display.keysym_to_keycode(XK.string_to_keysym(key))
        for kind in (X.KeyPress, X.KeyRelease):
            xtest.fake_input(self._display, kind, code)
            self._display.sync()

    def picture(self, path: Path) -> None:
        """Save what the screen shows."""
        with mss.mss(display=self.name) as camera:
            shot = camera.grab({"left": 0, "top": 0, "width": self.width, "height": self.height})
        path.parent.mkdir(parents=True, exist_ok=True)
        mss.tools.to_png(shot.rgb, shot.size, output=str(path))

    def stop(self) -> None:
        self._display.close()
        self._server.terminate()
        self._server.wait(10)
