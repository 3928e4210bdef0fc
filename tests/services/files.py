"""The folder in which one run of the tests keeps its files."""

import atexit
import os
import shutil
import tempfile
from pathlib import Path

VARIABLE = "CHATDESK_TEST_FOLDER"


def run_folder() -> Path:
    """Return the folder of this run; it goes away with the process that asked first.

    The workers of pytest find it in their environment and name their own files in it.
    """
    if VARIABLE not in os.environ:
        os.environ[VARIABLE] = tempfile.mkdtemp(prefix="chatdesk-test-")
        atexit.register(shutil.rmtree, os.environ[VARIABLE], ignore_errors=True)
    return Path(os.environ[VARIABLE])
