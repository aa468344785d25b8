"""The command line of a site's client."""

import subprocess
import sys


def test_what_a_site_colours_needs_no_inference_runtime_here():
    found = subprocess.run(
        [sys.executable, "-c", "import sys, rehue.cli; print('onnxruntime' in sys.modules)"],
        check=True,
        capture_output=True,
        text=True,
    )
    assert found.stdout.strip() == "False"
