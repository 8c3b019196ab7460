"""Headers on every answer: what a page may load, who may frame it, and that nobody keeps a copy."""

from __future__ import annotations

from flask import Flask, Response, request

YEAR_S = 365 * 24 * 3600

DIRECTIVES = {
    "default-src": "'none'",
    "script-src": "'self' 'wasm-unsafe-eval'",  # the QR reader is WebAssembly; it evaluates no text
    "worker-src": "'self'",
    "style-src": "'self'",
    "img-src": "'self' data: blob:",
    "font-src": "'self'",
    "connect-src": "'self'",
    "media-src": "'self' blob:",
    "manifest-src": "'self'",
    "frame-src": "'self'",
    "form-action": "'self'",
    "base-uri": "'none'",
    "frame-ancestors": "'self'",  # /demo shows phone, tablet and desk side by side
}


def policy(*, connect: str = "") -> str:
    """What a page may load. `connect`: one more origin to which its scripts may speak."""
    more = DIRECTIVES | ({"connect-src": f"{DIRECTIVES['connect-src']} {connect}"} if connect else {})
    return "; ".join(f"{name} {sources}" for name, sources in more.items())


POLICY = policy()


def setup(app: Flask, *, https: bool) -> None:
    """Set the headers after each request. `https`: tell browsers never to come without it."""

    @app.after_request
    def protect(response: Response) -> Response:
        headers = response.headers
        headers.setdefault("Content-Security-Policy", POLICY)
        headers.setdefault("Referrer-Policy", "same-origin")
        headers.setdefault("X-Content-Type-Options", "nosniff")
        headers.setdefault("X-Frame-Options", "SAMEORIGIN")
        headers.setdefault("Cross-Origin-Opener-Policy", "same-origin")
        headers.setdefault("Cross-Origin-Resource-Policy", "same-origin")
        headers.setdefault("Permissions-Policy", "camera=(self), microphone=(), geolocation=(), payment=(), usb=()")
        if https:
            headers.setdefault("Strict-Transport-Security", f"max-age={YEAR_S}; includeSubDomains")
        if "Cache-Control" not in headers and not request.path.startswith("/static/"):
            headers["Cache-Control"] = "no-store"  # a shared phone must not show the last person's balance
        return response
