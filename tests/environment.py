"""The environment that tests run in; loaded by pytest before the settings are read."""

import os

os.environ["SECRET_KEY"] = "only-for-tests-" * 5
os.environ["HTTPS"] = "false"
os.environ["DEBUG"] = "true"
