"""Connections that the server opens to others: only to numbers of the public network, and never for longer than is said."""

from __future__ import annotations

import ipaddress
import socket
import ssl
from collections.abc import Iterator
from contextlib import contextmanager, suppress
from http.client import HTTPSConnection
from threading import Timer

CONNECT_S = 5


class Checked(HTTPSConnection):
    """A connection that looks at the number behind the name, and then goes to that very number."""

    def __init__(self, host: str, port: int, trust: ssl.SSLContext, *, private_too: bool) -> None:
        super().__init__(host, port, timeout=CONNECT_S, context=trust)
        self._trust, self._private_too = trust, private_too

    def connect(self) -> None:
        """Raises OSError: no such host, none of its numbers public, not reached, or not who it says it is."""
        found = socket.getaddrinfo(self.host, self.port, type=socket.SOCK_STREAM)
        for family, kind, protocol, _name, number in found:
            if self._private_too or ipaddress.ip_address(str(number[0]).partition("%")[0]).is_global:
                line = socket.socket(family, kind, protocol)
                line.settimeout(CONNECT_S)
                try:
                    line.connect(number)
                    self.sock = self._trust.wrap_socket(line, server_hostname=self.host)
                except BaseException:
                    line.close()
                    raise
                return
        raise OSError("the host stands in a private network")


@contextmanager
def within(connection: HTTPSConnection, whole_s: float) -> Iterator[None]:
    """The whole exchange takes no longer than this, however slowly the other side drips."""

    def cut() -> None:
        if connection.sock is not None:
            with suppress(OSError):
                connection.sock.shutdown(socket.SHUT_RDWR)

    watch = Timer(whole_s, cut)
    watch.daemon = True
    watch.start()
    try:
        yield
    finally:
        watch.cancel()
        connection.close()
