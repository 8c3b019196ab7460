"""A receipt printer that stands nowhere: it listens, understands ESC/POS as a printer does, and keeps its paper as picture and text."""

from __future__ import annotations

import socket
import threading
from collections.abc import Callable
from dataclasses import dataclass, field

from PIL import Image

ESC, GS, FS, DLE = 0x1B, 0x1D, 0x1C, 0x10


@dataclass
class Emulator:
    """`mode`: well; no_paper; open (the cover); dumb (answers nothing); dies (cuts the line amid a paper); ends (its paper
    runs out there). `width`: dots of its head."""

    width: int = 576
    mode: str = "well"
    rows: list[bytes] = field(default_factory=list)
    text: str = ""
    cuts: int = 0
    kicks: int = 0
    papers: int = 0
    in_kanji: bool = False
    _server: socket.socket = field(init=False)
    _place: tuple[str, int] = field(init=False)

    def __post_init__(self) -> None:
        self._server = socket.create_server(("127.0.0.1", 0))
        self._place = self._server.getsockname()
        threading.Thread(target=self._serve, daemon=True).start()

    @property
    def address(self) -> str:
        host, port = self._server.getsockname()
        return f"{host}:{port}"

    def off(self) -> None:
        """Somebody pulls the plug: whoever knocks is refused."""
        self._server.shutdown(socket.SHUT_RDWR)
        self._server.close()

    def on(self) -> None:
        """The plug is in again, at the same address."""
        self._server = socket.create_server(self._place)
        threading.Thread(target=self._serve, daemon=True).start()

    def picture(self) -> Image.Image:
        """What stands on the roll."""
        data = bytes(255 - byte for row in self.rows for byte in row)
        return Image.frombytes("1", (self.width, len(self.rows)), data)

    def _serve(self) -> None:
        while True:
            try:
                line, _ = self._server.accept()
            except OSError:
                return
            with line:
                self._print(line)

    def _print(self, line: socket.socket) -> None:
        def take(count: int) -> bytes:
            found = b""
            while len(found) < count:
                piece = line.recv(count - len(found))
                if not piece:
                    raise EOFError
                found += piece
            return found

        try:
            self._obey(line, take)
        except (EOFError, ConnectionError):
            return

    def _obey(self, line: socket.socket, take: Callable[[int], bytes]) -> None:
        commands = {ESC: self._esc, GS: self._gs, FS: self._fs}
        bands = 0
        while True:
            sign = take(1)[0]
            if sign == DLE:
                self._status(line, take(2)[1])
            elif sign in commands:
                bands += commands[sign](line, take)
                if self.mode == "dies" and bands == 2:
                    return
                if self.mode == "ends" and bands == 2:
                    self.mode = "no_paper"
            else:
                letter = bytes([sign]) + take(1) if self.in_kanji else bytes([sign])
                self.text += letter.decode("shift_jis")

    def _esc(self, _line: socket.socket, take: Callable[[int], bytes]) -> int:
        what = take(1)
        take({b"@": 0, b"p": 3, b"R": 1}[what])
        self.papers += what == b"@"
        self.kicks += what == b"p"
        return 0

    def _fs(self, _line: socket.socket, take: Callable[[int], bytes]) -> int:
        what = take(1)
        take({b"&": 0, b".": 0, b"C": 1, b"W": 1}[what])
        self.in_kanji = {b"&": True, b".": False}.get(what, self.in_kanji)
        return 0

    def _gs(self, line: socket.socket, take: Callable[[int], bytes]) -> int:
        what = take(1)
        if what == b"v":
            head = take(6)
            across, high = int.from_bytes(head[2:4], "little"), int.from_bytes(head[4:6], "little")
            assert (head[:2], across * 8) == (b"0\x00", self.width), "wider or narrower than this head"
            band = take(across * high)
            self.rows += [band[place : place + across] for place in range(0, len(band), across)]
            return 1
        take({b"V": 2, b"!": 1, b"r": 1}[what])
        self.cuts += what == b"V"
        if what == b"r" and self.mode == "well":
            line.sendall(b"\x00")
        return 0

    def _status(self, line: socket.socket, which: int) -> None:
        if self.mode == "dumb":
            return
        said = {2: 0x04 if self.mode == "open" else 0, 4: 0x60 if self.mode == "no_paper" else 0}
        line.sendall(bytes([0x12 | said[which]]))
