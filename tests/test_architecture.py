"""The house keeps its shape: imports point down, rooms are known, pages stay at home."""

import re
import subprocess
import sys
from pathlib import Path

ROOT = Path(__file__).resolve().parent.parent


def lint_imports(config: Path) -> subprocess.CompletedProcess[str]:
    command = [str(Path(sys.executable).with_name("lint-imports")), "--config", str(config)]
    return subprocess.run(command, cwd=ROOT, capture_output=True, text=True, check=False)


def test_imports_point_down_only():
    finished = lint_imports(ROOT / "pyproject.toml")
    assert finished.returncode == 0, finished.stdout


def test_an_import_that_points_up_is_found(tmp_path):
    # The layers upside down: if this passes too, the rule above checks nothing.
    config = (ROOT / "pyproject.toml").read_text("utf-8")
    turned = config.replace('    "proposals",\n', "", 1).replace(
        '    "config",\n', '    "proposals",\n    "config",\n', 1
    )
    assert turned != config
    (tmp_path / "pyproject.toml").write_text(turned, "utf-8")
    finished = lint_imports(tmp_path / "pyproject.toml")
    assert finished.returncode == 1
    assert "BROKEN" in finished.stdout


def test_every_package_is_under_the_import_rule():
    rule = (ROOT / "pyproject.toml").read_text("utf-8")
    layers = rule.split("layers = [")[1].split("]")[0]
    packages = {path.parent.name for path in ROOT.glob("*/__init__.py")} - {"tests"}
    missing = {name for name in packages if not re.search(rf"\b{name}\b", layers)}
    assert not missing


def test_pages_load_nothing_from_other_hosts():
    files = [*ROOT.glob("templates/**/*.html"), *ROOT.glob("static/**/*.*")]
    outside = re.compile(r"""(?:src|href|action)=["'](?:https?:)?//|url\(["']?(?:https?:)?//""")
    found = [str(f) for f in files if outside.search(f.read_text("utf-8", "ignore"))]
    assert files
    assert found == []
