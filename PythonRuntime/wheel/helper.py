# SPDX-License-Identifier: Apache-2.0
"""What is better done in Python: lists that Python's tools write, archives of packages, and downloads.

helper.py lock FILE                  a `pylock.toml`, as JSON
helper.py variables FILE             the variables of a `_sysconfigdata` module, as JSON
helper.py source PATH                what a source distribution or folder says of its build, as JSON
helper.py fetch URL SHA256 PATH      a download
helper.py unpack WHEEL FOLDER PREFIX the files of a wheel whose names begin so
helper.py install WHEEL FOLDER       the modules of a wheel, into a folder of site packages, without what components do not need; as
                                     JSON the packages with native code, and how many files are left out
"""

import hashlib
import json
import os
import pathlib
import runpy
import shutil
import sys
import tarfile
import tomllib
import urllib.request
import zipfile


def lock(path):
    with open(path, "rb") as file:
        packages = tomllib.load(file).get("packages", [])
    result = []
    for package in packages:
        entry = {"name": package["name"], "version": package.get("version", ""), "wheels": []}
        for wheel in package.get("wheels", []):
            entry["wheels"].append({"url": wheel["url"], "sha256": wheel["hashes"].get("sha256", "")})
        source = package.get("sdist")
        if source:
            entry["sdist"] = {"url": source["url"], "sha256": source["hashes"].get("sha256", "")}
        for kind in ("directory", "archive"):
            place = package.get(kind)
            if place:
                entry["path"] = place.get("path") or urllib.request.url2pathname(place["url"].removeprefix("file://"))
        if package.get("vcs"):
            entry["vcs"] = package["vcs"].get("url", "?")
        result.append(entry)
    return result


def variables(path):
    return {name: value for name, value in runpy.run_path(path)["build_time_vars"].items() if isinstance(value, (int, str))}


def project_text(path):
    """The `pyproject.toml` of a source; nothing where it has none."""
    if os.path.isdir(path):
        project = pathlib.Path(path) / "pyproject.toml"
        return project.read_bytes() if project.exists() else b""
    if path.endswith(".zip"):
        with zipfile.ZipFile(path) as archive:
            project = min((n for n in archive.namelist() if n.endswith("/pyproject.toml")), key=len, default=None)
            return archive.read(project) if project else b""
    with tarfile.open(path) as archive:
        names = archive.getnames()
        project = min((n for n in names if n.count("/") == 1 and n.endswith("/pyproject.toml")), default=None)
        return archive.extractfile(project).read() if project else b""


def source(path):
    text = project_text(path)
    project = tomllib.loads(text.decode()) if text else {}
    build = project.get("build-system", {})
    requires = build.get("requires", ["setuptools", "wheel"])
    backend = build.get("build-backend", "setuptools.build_meta:__legacy__")
    is_rust = backend.startswith("maturin") or any(r.lower().startswith(("setuptools-rust", "setuptools_rust", "maturin")) for r in requires)
    return {"backend": backend, "rust": is_rust}


def fetch(url, sha256, path):
    found = hashlib.sha256()
    with urllib.request.urlopen(url, timeout=60) as answer, open(path, "wb") as file:
        while piece := answer.read(1 << 16):
            found.update(piece)
            file.write(piece)
    if sha256 and found.hexdigest() != sha256:
        os.remove(path)
        sys.exit(f"{url} has the SHA-256 {found.hexdigest()}, expected {sha256}")


def unpack(wheel, folder, prefix):
    with zipfile.ZipFile(wheel) as archive:
        archive.extractall(folder, [name for name in archive.namelist() if name.startswith(prefix)])


# What only compilers and type checkers read.
UNREAD = (".pyi", ".pyx", ".pxd", ".pxi", ".h", ".hpp", ".hh", ".c", ".cc", ".cpp", ".f", ".f90", ".pyf", ".src", ".a", ".lib", ".pdb")
NATIVE = ".so"


def is_left_out(name):
    """Whether a file of a wheel is of no use in a component: tests within packages, headers, sources, stubs of types."""
    *folders, file = name.split("/")
    if folders and folders[0].endswith(".dist-info"):
        return False
    module = file.partition(".")[0]
    is_test = any(part in ("tests", "test") for part in folders[1:]) or file.endswith(NATIVE) and module.endswith("_tests")
    return is_test or file.endswith(UNREAD) or file == "py.typed"


def place(name):
    """Where a file of a wheel belongs, and nothing where it is no module or data of one."""
    first, _, rest = name.partition("/")
    if first.endswith(".data"):
        kind, _, rest = rest.partition("/")
        return rest if kind in ("purelib", "platlib") else ""
    return name


def install(wheel, folder):
    root = os.path.realpath(folder)
    left_out, native = 0, set()
    with zipfile.ZipFile(wheel) as archive:
        for item in archive.infolist():
            name = place(item.filename)
            if not name or item.is_dir():
                continue
            if is_left_out(name):
                left_out += 1
                continue
            path = os.path.realpath(os.path.join(root, name))
            if not path.startswith(root + os.sep):
                sys.exit(f"{name} is outside of the wheel's folder")
            os.makedirs(os.path.dirname(path), exist_ok=True)
            with archive.open(item) as content, open(path, "wb") as file:
                shutil.copyfileobj(content, file)
            if name.endswith(NATIVE):
                native.add(name.partition("/")[0])
    return {"native": sorted(native), "left_out": left_out}


def main():
    verb, *words = sys.argv[1:]
    result = {"lock": lock, "variables": variables, "source": source, "fetch": fetch, "unpack": unpack, "install": install}[verb](*words)
    if result is not None:
        json.dump(result, sys.stdout)


main()
