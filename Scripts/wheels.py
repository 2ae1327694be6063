# SPDX-License-Identifier: Apache-2.0
"""What the scripts share that fetch something out of a Python package: platforms, the cache folder, pinned downloads."""

import hashlib
import os
import pathlib
import platform
import subprocess
import sys
import tempfile
import zipfile


def fail(message):
    sys.exit(f"{pathlib.Path(sys.argv[0]).name}: error: {message}")


def this_platform():
    machine = {"amd64": "x86_64", "arm64": "aarch64"}.get(platform.machine().lower(), platform.machine().lower())
    if sys.platform == "darwin":
        return f"macos-{machine}"
    if sys.platform == "win32":
        return f"windows-{machine}"
    musl = any(pathlib.Path("/lib").glob("ld-musl-*.so.1")) and platform.libc_ver()[0] != "glibc"
    return f"linux-musl-{machine}" if musl else f"linux-{machine}"


def cache_folder():
    """Dovetail's part of the user's cache folder; the library looks in the same place."""
    if sys.platform == "darwin":
        base = pathlib.Path.home() / "Library" / "Caches"
    elif sys.platform == "win32":
        base = pathlib.Path(os.environ.get("LOCALAPPDATA") or pathlib.Path.home() / "AppData" / "Local")
    else:
        configured = os.environ.get("XDG_CACHE_HOME", "")
        base = pathlib.Path(configured) if os.path.isabs(configured) else pathlib.Path.home() / ".cache"
    return base / "dovetail"


def digest(path):
    sha = hashlib.sha256()
    with open(path, "rb") as file:
        while chunk := file.read(1 << 20):
            sha.update(chunk)
    return sha.hexdigest()


def check(path, expected, what):
    found = digest(path)
    if found != expected:
        fail(f"{what} has the SHA-256 {found}, expected {expected}; nothing was installed")


def download(requirement, tag, folder):
    """Downloads the wheel of `requirement` for pip's platform `tag` into `folder`."""
    command = [
        sys.executable, "-m", "pip", "download", "--quiet", "--disable-pip-version-check", "--no-deps",
        "--only-binary=:all:", "--platform", tag, "--dest", str(folder), requirement,
    ]
    try:
        done = subprocess.run(command, stdin=subprocess.DEVNULL, capture_output=True, text=True, check=False)
    except OSError as error:
        fail(f"pip does not start: {error}")
    wheels = list(folder.glob("*.whl"))
    if done.returncode != 0 or len(wheels) != 1:
        reason = done.stderr.strip() or done.stdout.strip() or "pip downloaded nothing"
        fail(f"cannot download {requirement} for {tag}; is there a network and `pip`?\n{reason}")
    return wheels[0]


def install(packages, target, file):
    """Downloads wheels, checks them and unpacks them into the folder `target`, which has `file` then.

    `packages` are requirements with pip's platform tags and the SHA-256 of their wheels."""
    target.parent.mkdir(parents=True, exist_ok=True)
    with tempfile.TemporaryDirectory(prefix=".fetch-", dir=target.parent) as scratch:
        scratch = pathlib.Path(scratch)
        complete = scratch / "complete"
        for number, (requirement, tag, sha256) in enumerate(packages):
            folder = scratch / str(number)
            folder.mkdir()
            wheel = download(requirement, tag, folder)
            check(wheel, sha256, requirement)
            with zipfile.ZipFile(wheel) as archive:
                archive.extractall(complete)
        put(complete, target, scratch, file)


def put(complete, target, scratch, file):
    """Renames the finished folder `complete` to `target`; another process sees all of it or nothing."""
    complete.chmod(0o755)
    if target.exists():
        target.rename(scratch / "damaged")
    try:
        complete.rename(target)
    except OSError:
        if not (target / file).exists():  # else another process was quicker
            raise
