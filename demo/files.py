"""The demo's own data: JSON tables and whole letters, beside this file."""

import json
from pathlib import Path
from typing import Any

HERE = Path(__file__).resolve().parent


def table(name: str) -> Any:
    """One of the JSON tables: world, proposals, replies."""
    return json.loads((HERE / f"{name}.json").read_text("utf-8"))


def letter_bytes(name: str) -> bytes:
    return (HERE / "letters" / name).read_bytes()
