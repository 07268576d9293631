"""Packs what lies beside `src` into the wheel: the rules as `austa/_rules`, the built web app as `austa/_web`."""

import shutil
from pathlib import Path

from setuptools import setup
from setuptools.command.build_py import build_py

ROOT = Path(__file__).parent
PACKED = {"_rules": ROOT / "rules", "_web": ROOT / "web" / "dist"}


class BuildWithRulesAndWeb(build_py):
    """An editable install reads both from the checkout; a wheel carries copies."""

    def run(self) -> None:
        super().run()
        if self.editable_mode:
            return
        for name, source in PACKED.items():
            target = Path(self.build_lib) / "austa" / name
            shutil.rmtree(target, ignore_errors=True)
            if source.is_dir():
                shutil.copytree(source, target, ignore=shutil.ignore_patterns(".ready"))


setup(cmdclass={"build_py": BuildWithRulesAndWeb})
