"""Programs that speak to the API: a shop's, with everything a shop's token may do, and a clerk's."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from typing import Any
from uuid import UUID, uuid4

import pytest
from flask import Flask
from flask.testing import FlaskClient
from werkzeug.test import TestResponse

from identity.commands import NewToken, create_api_token
from identity.permissions import SCOPES
from tests.town import Shop, Town, bare_district, district, other_district

__all__ = ["bare_district", "district", "other_district"]

CLERK_SCOPES = ("balances:read", "top_ups:write")
SHOP_SCOPES = tuple(sorted(SCOPES.keys() - {"top_ups:write"}))


@dataclass
class Program:
    """Somebody's program, with its token."""

    client: FlaskClient
    host: str
    token: str | None

    def sends(self, method: str, path: str, *, key: UUID | None = None, **options: Any) -> TestResponse:
        """One request to /api/v1; a write carries a fresh idempotency key unless one is given."""
        headers = dict(options.pop("headers", {}))
        if self.token is not None:
            headers.setdefault("Authorization", f"Bearer {self.token}")
        if method == "POST":
            headers.setdefault("Idempotency-Key", str(key or uuid4()))
        return self.client.open(f"/api/v1{path}", method=method, headers=headers, base_url=f"https://{self.host}", **options)

    def gets(self, path: str, **options: Any) -> TestResponse:
        return self.sends("GET", path, **options)

    def posts(self, path: str, body: Any, **options: Any) -> TestResponse:
        return self.sends("POST", path, json=body, **options)

    def deletes(self, path: str, **options: Any) -> TestResponse:
        return self.sends("DELETE", path, **options)


MakeProgram = Callable[..., Program]


@pytest.fixture
def program(app: Flask, district: Town) -> MakeProgram:
    """`program(shop=…)`, `program(clerk=…)`, both with `scopes`; `program()` has no token."""

    def make(*, shop: Shop | None = None, clerk: int | None = None, scopes: tuple[str, ...] | None = None, **more: Any) -> Program:
        if shop is None and clerk is None:
            return Program(app.test_client(), district.host, None)
        admin = district.another_clerk("administrator")
        wanted = scopes if scopes is not None else (SHOP_SCOPES if shop else CLERK_SCOPES)
        new = NewToken("プログラム", wanted, merchant_id=shop.id if shop else None, person_id=clerk, **more)
        return Program(app.test_client(), district.host, create_api_token(district.session, admin.who, new, now=district.now))

    return make
