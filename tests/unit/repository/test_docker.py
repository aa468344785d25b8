"""The images and the compose file, as far as can be told without an engine to run them."""

import re
import shutil
import subprocess
import sys
from pathlib import Path

import pytest
import yaml

ROOT = Path(__file__).resolve().parents[3]
DOCKER = ROOT / "docker"
COMPOSE = yaml.safe_load((DOCKER / "compose.yaml").read_text())
SERVICES = COMPOSE["services"]
OURS = {name: one for name, one in SERVICES.items() if "rehue" in one["image"]}


def run_tool(name, *arguments):
    """Run a program that stands beside this Python."""
    program = Path(sys.executable).with_name(name)
    found = str(program) if program.exists() else shutil.which(name)
    if found is None:
        pytest.skip(f"{name} is not installed")
    return subprocess.run(
        [found, *map(str, arguments)], capture_output=True, text=True, check=False
    )


def test_the_dockerfile_has_no_faults_that_hadolint_knows():
    checked = run_tool("hadolint", DOCKER / "Dockerfile")
    assert checked.returncode == 0, checked.stdout


def test_the_compose_file_is_safe_as_far_as_compose_lint_can_tell():
    checked = run_tool("compose-lint", DOCKER / "compose.yaml")
    assert checked.returncode == 0, checked.stdout


def test_what_services_ask_for_is_there():
    for name, service in SERVICES.items():
        for other in service.get("depends_on", {}):
            assert other in SERVICES, f"{name} waits for {other}"
        for volume in service.get("volumes", []):
            source = volume.split(":")[0]
            here = source.startswith("./") and (DOCKER / source[2:]).exists()
            assert here or source in COMPOSE["volumes"], f"{name}: {volume}"


def test_our_own_containers_may_do_as_little_as_can_be():
    assert len(OURS) > 6
    for name, service in OURS.items():
        assert service["read_only"] is True, name
        assert service["cap_drop"] == ["ALL"], name
        assert service["mem_limit"], name
        assert "ports" not in service, f"{name} is for the inside"
    stages = re.findall(r"^FROM .* AS (\S+)$", (DOCKER / "Dockerfile").read_text(), re.MULTILINE)
    assert {one["build"]["target"] for one in OURS.values()} <= set(stages)
    site = (DOCKER / "Dockerfile").read_text().split(" AS site\n")[1]
    assert "USER 10001" in site
    assert "HEALTHCHECK" in site


def test_every_queue_has_a_worker_and_every_worker_a_queue_there_is():
    from webapp.common.queue import THREAD_QUEUES

    reported = [
        service["command"][service["command"].index("--queues") + 1]
        for service in OURS.values()
        if "--queues" in service["command"]
    ]
    assert set(reported) == set(THREAD_QUEUES)


def test_every_variable_for_the_site_is_one_that_the_site_reads():
    read = (ROOT / "webapp" / "settings" / "config.py").read_text()
    for name, service in OURS.items():
        # The last is read by OpenTelemetry itself.
        for variable in set(service["environment"]) - {"LANE", "OTEL_SERVICE_NAME"}:
            assert f'"{variable}"' in read, f"{name}: {variable}"


def test_secrets_have_no_default():
    text = (DOCKER / "compose.yaml").read_text()
    for name in ("SECRET_KEY", "POSTGRES_PASSWORD", "REDIS_PASSWORD"):
        assert f"${{{name}:?" in text
        assert f"${{{name}:-" not in text
