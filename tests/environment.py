"""The environment that tests run in; loaded by pytest before the settings are read."""

import atexit
import os
import shutil
import tempfile
from pathlib import Path

DATA_DIR = tempfile.mkdtemp(prefix="luoshi-tests-")
Path(DATA_DIR, "static").mkdir()
atexit.register(shutil.rmtree, DATA_DIR, ignore_errors=True)

os.environ["SECRET_KEY"] = "only-for-tests-" * 5
os.environ["HTTPS"] = "false"
os.environ["DEBUG"] = "true"
os.environ["DATA_DIR"] = DATA_DIR
# Pages are read by tests in the language that most visitors read them in.
os.environ["LANGUAGE_CODE"] = "zh-hans"
