"""The line between programs and database, as a balancer is: it leads to whichever server is the primary, and it can be cut."""

from __future__ import annotations

import asyncio
import contextlib
import shutil
import tempfile
import threading
from pathlib import Path
from urllib.parse import quote

from embedded import Server

SOCKET = ".s.PGSQL.5432"


class Line:
    """A socket of its own. `cuts`: so many commits more are let through whose answer is not; both ends then find the line dead."""

    def __init__(self, server: Server) -> None:
        self.server = server
        self.folder = Path(tempfile.mkdtemp(prefix="meguri-line-"))
        self.cuts = 0
        self.cut = 0
        self._loop = asyncio.new_event_loop()
        ready = threading.Event()
        self._thread = threading.Thread(target=self._run, args=(ready,), name="line", daemon=True)
        self._thread.start()
        assert ready.wait(10)

    def url(self, role: str, database: str) -> str:
        """As `Server.url`, by way of this line."""
        return self.server.url(role, database).replace(quote(str(self.server.run), safe=""), quote(str(self.folder), safe=""))

    def close(self) -> None:
        self._loop.call_soon_threadsafe(self._over.set)
        self._thread.join(10)
        shutil.rmtree(self.folder)

    def _run(self, ready: threading.Event) -> None:
        self._loop.run_until_complete(self._serve(ready))
        self._loop.close()

    async def _serve(self, ready: threading.Event) -> None:
        self._over = asyncio.Event()
        self._calls: set[asyncio.Task[None]] = set()
        async with await asyncio.start_unix_server(self._answer, self.folder / SOCKET):
            ready.set()
            await self._over.wait()
        await asyncio.gather(*self._calls)

    async def _answer(self, here: asyncio.StreamReader, back: asyncio.StreamWriter) -> None:
        task = asyncio.current_task()
        assert task is not None
        self._calls.add(task)
        try:
            with contextlib.suppress(OSError):
                there, on = await asyncio.open_unix_connection(self.server.run / SOCKET)
                try:
                    await self._lead(here, on, there, back)
                finally:
                    on.close()
        finally:
            self._calls.discard(task)
            back.close()

    async def _lead(
        self, here: asyncio.StreamReader, on: asyncio.StreamWriter, there: asyncio.StreamReader, back: asyncio.StreamWriter
    ) -> None:
        """Both ways, until one end has gone or the line is cut."""
        is_cut = asyncio.Event()

        async def ask() -> None:
            while words := await here.read(65536):
                if b"COMMIT" in words and self.cuts > 0:
                    self.cuts -= 1
                    is_cut.set()
                on.write(words)
                await on.drain()

        async def answer() -> None:
            while words := await there.read(65536):
                if is_cut.is_set():  # it is committed, and nobody hears of it
                    self.cut += 1
                    return
                back.write(words)
                await back.drain()

        ways = [asyncio.ensure_future(one) for one in (ask(), answer(), self._over.wait())]
        try:
            await asyncio.wait(ways, return_when=asyncio.FIRST_COMPLETED)
        finally:
            for way in ways:
                way.cancel()
            await asyncio.gather(*ways, return_exceptions=True)
