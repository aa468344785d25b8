"""Debian's Firefox for Playwright: ``python -m tests.support.firefox`` stands in for its program.

Playwright speaks WebDriver BiDi with a Firefox that it did not build. Debian's does not know the
command that sets ``prefers-color-scheme``, which Playwright sends for every page: this program
lies between the two and answers that one itself.
"""

import asyncio
import json
import re
import stat
import sys
from pathlib import Path

from websockets.asyncio.client import ClientConnection, connect
from websockets.asyncio.server import ServerConnection, serve

from tests.support.browser import find_firefox
from tests.support.server import ROOT

UNKNOWN = "emulation.setMediaFeaturesOverride"
ADDRESS = re.compile(rb"WebDriver BiDi listening on (ws://\S+)")


def firefox_for_playwright(folder: Path) -> Path:
    """Write a program that Playwright can start in Firefox' place; return its path."""
    program = folder / "firefox"
    module = f'cd "{ROOT}" && exec "{sys.executable}" -m tests.support.firefox "$@"'
    program.write_text(f"#!/bin/sh\n{module}\n")
    program.chmod(program.stat().st_mode | stat.S_IXUSR)
    return program


async def _to_firefox(playwright: ServerConnection, firefox: ClientConnection) -> None:
    async for text in playwright:
        message = json.loads(text)
        if message.get("method") == UNKNOWN:
            answer = {"type": "success", "id": message["id"], "result": {}}
            await playwright.send(json.dumps(answer))
        else:
            await firefox.send(text)


async def _to_playwright(playwright: ServerConnection, firefox: ClientConnection) -> None:
    async for text in firefox:
        await playwright.send(text)


async def main(arguments: list[str]) -> int:
    """Start Firefox, say where Playwright finds this program, and pass on what both say."""
    program = find_firefox()
    assert program is not None, "who calls this has found one"
    browser = await asyncio.create_subprocess_exec(
        program, *arguments, stderr=asyncio.subprocess.PIPE
    )
    assert browser.stderr is not None
    while line := await browser.stderr.readline():
        if found := ADDRESS.search(line):
            break
        sys.stderr.buffer.write(line)
    else:
        return await browser.wait()
    address = found[1].decode()

    async def pass_on(playwright: ServerConnection) -> None:
        async with connect(f"{address}/session", max_size=None, origin=None) as firefox:
            ways = (_to_firefox(playwright, firefox), _to_playwright(playwright, firefox))
            tasks = [asyncio.create_task(way) for way in ways]
            await asyncio.wait(tasks, return_when=asyncio.FIRST_COMPLETED)

    async with serve(pass_on, "127.0.0.1", 0, max_size=None) as server:
        port = server.sockets[0].getsockname()[1]
        sys.stderr.write(f"WebDriver BiDi listening on ws://127.0.0.1:{port}\n")
        sys.stderr.flush()
        await browser.stderr.read()
    return await browser.wait()


if __name__ == "__main__":
    sys.exit(asyncio.run(main(sys.argv[1:])))
