"""Names the YAML files (on stdin, one a line) that do not parse."""

import sys

import yaml

for path in sys.stdin.read().split():
    try:
        with open(path, encoding="utf-8") as file:
            list(yaml.safe_load_all(file))
    except yaml.YAMLError as error:
        mark = getattr(error, "problem_mark", None)
        print(f"{path}:{mark.line + 1 if mark else 1}: {getattr(error, 'problem', error)}")
