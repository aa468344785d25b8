"""The examples in public docstrings do what they say."""

import doctest
import importlib
import pkgutil

import pytest

import colorizer
import rehue

MODULES = [
    module.name
    for package in (colorizer, rehue)
    for module in pkgutil.walk_packages(package.__path__, f"{package.__name__}.")
    if not module.name.endswith("__main__")
]


@pytest.mark.parametrize("name", MODULES)
def test_examples_give_what_they_show(name):
    tested = doctest.testmod(importlib.import_module(name), optionflags=doctest.ELLIPSIS)
    assert tested.failed == 0


def test_there_are_examples():
    finder = doctest.DocTestFinder(exclude_empty=True)
    modules = [importlib.import_module(name) for name in MODULES]
    found = [test for module in modules for test in finder.find(module) if test.examples]
    assert len(found) >= 15
