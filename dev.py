#!/usr/bin/env python3
"""One script for everything, on a machine that has only git and Python 3.11 or newer.

python3 dev.py demo        a whole invented town in your browser; again: the same town, in seconds
python3 dev.py test        all tests; `dev.py test tests/ledger -k floor` runs what you name
python3 dev.py lint        style, types, and who may import whom
python3 dev.py bench       every speed claim, measured
python3 dev.py torture     payments while everything is killed (--minutes 15), and whether the books survived
python3 dev.py lock        new versions into requirements/*.txt
"""

from __future__ import annotations

import argparse
import hashlib
import importlib.util
import os
import shutil
import socket
import subprocess
import sys
from pathlib import Path

ROOT = Path(__file__).resolve().parent
VENV = ROOT / ".venv"
CACHE = ROOT / ".cache"
BUILD_VENV = CACHE / "build-venv"
BENCH_VENV = CACHE / "bench-venv"
LIFETIMES_VENV = CACHE / "lifetimes-venv"
REQUIREMENTS = ROOT / "requirements"
LOCKS = {
    "installer": "dev",
    "build": "dev",
    "runtime": None,
    "dev": "runtime",
    "bench": "dev",
    "cluster": "dev",
    "lifetimes": None,
}  # which list takes its versions from which
ALONE = ("analytics",)
"""Benchmarks in an environment of their own."""
SOURCES_OF_ASSETS = ("*/static/**/*", "web/build.py", "package*.json", ".npmrc")
CHROMIUM = ("chromium-headless-shell", "chromium", "chromium-browser", "google-chrome")


def say(text: str) -> None:
    print(f"· {text}", flush=True)


def kept() -> dict[str, str]:
    """The environment for what is started. Compiled files are kept: without them each start compiles all libraries anew, which takes
    longer than the work."""
    return {name: value for name, value in os.environ.items() if name not in ("PYTHONDONTWRITEBYTECODE", "PYTHONHOME", "PYTHONPATH")}


def run(*command: object, check: bool = True, **environment: str) -> int:
    """Run it in the checkout and show what it prints. A failure ends the script with its status."""
    status = subprocess.run([str(word) for word in command], cwd=ROOT, env=kept() | environment, check=False).returncode
    if check and status != 0:
        raise SystemExit(status if status > 0 else 1)
    return status


def fingerprint(*paths: Path) -> str:
    """Changes when the name or content of any file does."""
    digest = hashlib.sha256()
    for path in sorted(paths):
        digest.update(str(path.relative_to(ROOT)).encode() + b"\0" + path.read_bytes() + b"\0")
    return digest.hexdigest()


def python(venv: Path = VENV) -> Path:
    return venv / "bin" / "python"


def environment(name: str, venv: Path = VENV) -> None:
    """Bring `venv` in step with requirements/<name>.txt, all hashes checked. `dev` holds `runtime`, and serves for it."""
    stamp = venv / "requirements.stamp"
    before = stamp.read_text() if stamp.exists() else ""
    if name == "runtime" and before.startswith("dev "):
        name = "dev"  # it holds runtime as well: what tests need is not taken away by looking at the demo
    wanted = f"{name} {fingerprint(REQUIREMENTS / f'{name}.txt')}"
    if before == wanted:
        return
    if importlib.util.find_spec("ensurepip") is None:
        package = f"python{sys.version_info.major}.{sys.version_info.minor}-venv"
        raise SystemExit(f"This Python cannot make environments. Install what is missing and try again:\n  apt-get install {package}")
    if not python(venv).exists():
        say(f"making {venv.relative_to(ROOT)}")
        run(sys.executable, "-m", "venv", "--clear", venv)
    say(f"installing {name} (about half a minute when nothing is cached)")
    quietly = ("--quiet", "--disable-pip-version-check", "--require-hashes")
    run(python(venv), "-m", "pip", "install", *quietly, "-r", REQUIREMENTS / "installer.txt")
    uv = venv / "bin" / "uv"
    run(uv, "pip", "sync", "--quiet", "--require-hashes", "--compile-bytecode", REQUIREMENTS / f"{name}.txt", VIRTUAL_ENV=str(venv))
    if venv == VENV:
        command = venv / "bin" / "meguri"
        command.write_text(f"#!{python()}\nimport sys\n\nsys.path.insert(0, {str(ROOT)!r})\nfrom wsgi import main\n\nmain()\n")
        command.chmod(0o755)
    stamp.write_text(wanted)


def assets() -> None:
    """Build the browser's files if their sources changed, in an environment of its own: what runs needs no Node."""
    sources = [path for pattern in SOURCES_OF_ASSETS for path in ROOT.glob(pattern) if path.is_file() and "dist" not in path.parts]
    stamp, built = CACHE / "assets.stamp", ROOT / "web" / "static" / "dist"
    if built.exists() and stamp.exists() and stamp.read_text() == fingerprint(*sources):
        return
    CACHE.mkdir(exist_ok=True)
    environment("build", BUILD_VENV)
    say("building the browser's files")
    run(python(BUILD_VENV), "web/build.py")
    stamp.write_text(fingerprint(*sources))


def words() -> None:
    """Compile the translations that changed."""
    for source in ROOT.glob("web/translations/*/LC_MESSAGES/*.po"):
        target = source.with_suffix(".mo")
        if not target.exists() or target.stat().st_mtime < source.stat().st_mtime:
            run(python(), "-m", "babel.messages.frontend", "--quiet", "compile", "-i", source, "-o", target)


def inside() -> None:
    """Go on as the same script, run by .venv's Python, where the product can be imported."""
    if Path(sys.prefix).resolve() != VENV.resolve():
        os.chdir(ROOT)
        os.execv(python(), [str(python()), str(ROOT / "dev.py"), *sys.argv[1:]])


def must_be_free(port: int) -> None:
    with socket.socket() as trial:
        trial.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
        try:
            trial.bind(("127.0.0.1", port))
        except OSError:
            another = f"python3 dev.py demo --port {port + 1}"
            raise SystemExit(f"Port {port} is taken: does a demo run already? Take another one: {another}") from None


def build(options: argparse.Namespace) -> None:
    environment("runtime")
    assets()
    words()


def demo(options: argparse.Namespace) -> None:
    must_be_free(options.port)
    build(options)
    inside()
    import tryout  # the first import of the product: from here on its libraries are there

    raise SystemExit(tryout.main(options.port, fresh=options.fresh))


def test(options: argparse.Namespace) -> None:
    if not any(shutil.which(name) for name in CHROMIUM):
        raise SystemExit("The browser tests need Chromium. Install it and try again:\n  apt-get install chromium")
    environment("dev")
    assets()
    words()
    alone = any(word.startswith("-n") or word in ("--pdb", "no:xdist") for word in options.arguments)
    raise SystemExit(run(python(), "-m", "pytest", *(() if alone else ("-n", "2")), *options.arguments, check=False))


def lint(options: argparse.Namespace) -> None:
    environment("dev")
    tools = VENV / "bin"
    checks: tuple[tuple[Path | str, ...], ...] = (
        (tools / "ruff", "check", "."),
        (tools / "ruff", "format", "--check", "."),
        (tools / "mypy",),
        (tools / "lint-imports",),
        (tools / "djlint", "--lint", "--quiet", *sorted(path for path in ROOT.glob("*/templates"))),
    )
    at_once = [  # the types take as long as all the others together
        subprocess.Popen([str(word) for word in check], cwd=ROOT, env=kept(), stdout=subprocess.PIPE, stderr=subprocess.STDOUT, text=True)
        for check in checks
    ]
    failed = []
    for check, process in zip(checks, at_once, strict=True):
        print(process.communicate()[0], end="", flush=True)
        if process.returncode != 0:
            failed.append(f"{Path(check[0]).name} {check[1] if len(check) > 1 else ''}".strip())
    if failed:
        raise SystemExit(f"not clean: {', '.join(failed)}")
    say("clean")


def bench(options: argparse.Namespace) -> None:
    """All of them, or those named; what follows a name and begins with - is for its script."""
    environment("dev")
    names = [word for word in options.arguments if (ROOT / "benchmarks" / f"{word}.py").exists()]
    rest = [word for word in options.arguments if word not in names]
    for script in sorted((ROOT / "benchmarks").glob("[a-z]*.py")):
        if "__main__" in script.read_text() and (not names or script.stem in names):
            say(script.stem)
            venv = VENV
            if script.stem in ALONE:  # what it compares with is nothing that runs or tests Meguri
                venv = BENCH_VENV
                environment("bench", venv)
            beside: tuple[str | Path, ...] = ()
            if script.stem == "analytics_models":  # and this one needs numbers of other years
                environment("lifetimes", LIFETIMES_VENV)
                beside = ("--theirs", python(LIFETIMES_VENV))
            run(python(venv), "-m", f"benchmarks.{script.stem}", *beside, *rest)


def torture(options: argparse.Namespace) -> None:
    environment("dev")
    os.chdir(ROOT)
    for name in ("PYTHONDONTWRITEBYTECODE", "PYTHONHOME", "PYTHONPATH"):
        os.environ.pop(name, None)
    # In place of this process, so that Ctrl-C reaches the one that has to clear away, and nobody ends it before it has.
    os.execv(python(), [str(python()), "-m", "tests.faults.torture", *options.arguments])


def lock(options: argparse.Namespace) -> None:
    environment("dev")
    for name in ("runtime", "dev", "cluster", "bench", "build", "installer", "lifetimes"):
        say(f"requirements/{name}.txt")
        constraint = LOCKS[name]
        follow = ("-c", f"requirements/{constraint}.txt") if constraint else ()
        form = ("--universal", "--generate-hashes", "--no-emit-index-url", "--no-annotate", "--python-version", "3.11")
        files = (f"requirements/{name}.in", *follow, "-o", f"requirements/{name}.txt")
        run(VENV / "bin" / "uv", "pip", "compile", "--quiet", *form, *(("--upgrade",) if options.upgrade else ()), *files)


def main() -> None:
    if sys.version_info < (3, 11):
        raise SystemExit("Meguri needs Python 3.11 or newer.")
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    commands = parser.add_subparsers(dest="command", required=True, metavar="command")
    for action in (demo, test, lint, bench, torture, build, lock):
        commands.add_parser(action.__name__, add_help=action is not test).set_defaults(action=action)
    commands.choices["demo"].add_argument("--port", type=int, default=8765)
    commands.choices["demo"].add_argument("--fresh", action="store_true", help="throw the town away and begin a new one")
    commands.choices["lock"].add_argument("--upgrade", action="store_true", help="take newer versions where there are any")
    options, arguments = parser.parse_known_args()
    if arguments and options.command not in ("test", "bench", "torture"):
        parser.error(f"unknown: {' '.join(arguments)}")
    options.arguments = arguments
    options.action(options)


if __name__ == "__main__":
    main()
