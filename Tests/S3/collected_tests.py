"""A pytest plugin that writes every test's name and marks to the file COLLECTED."""
import json
import os


def pytest_collection_modifyitems(items):
    with open(os.environ["COLLECTED"], "w") as file:
        json.dump([[item.name, sorted({mark.name for mark in item.iter_markers()})] for item in items], file)
