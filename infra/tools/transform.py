"""The SAM transform, as CloudFormation does it: transform.py PACKAGED_TEMPLATE TRANSFORMED_JSON."""

import json
import sys

from samtranslator.translator.transform import transform
from samtranslator.yaml_helper import yaml_parse


class NoManagedPolicies:
    """The application names none."""

    def load(self):
        return {}


def transformed(path):
    with open(path) as file:
        return transform(yaml_parse(file.read()), {"AWS::StackName": "reelbatch"}, NoManagedPolicies())


if __name__ == "__main__":
    with open(sys.argv[2], "w") as out:
        json.dump(transformed(sys.argv[1]), out, indent=1)
