"""Prints template.yaml as SAM's own translator turns it into CloudFormation, as JSON.

usage: translate.py template.yaml
"""

import json
import os
import sys

os.environ.setdefault("AWS_DEFAULT_REGION", "eu-west-2")

from samtranslator.translator.transform import transform  # noqa: E402
from samtranslator.yaml_helper import yaml_parse  # noqa: E402


class NoManagedPolicies:
    """Knows no managed policy: each role is written out, so the translator never asks for one."""

    def load(self):
        return {}


with open(sys.argv[1], encoding="utf-8") as file:
    template = yaml_parse(file)
# What `sam package` puts there; the translator refuses a folder.
template.setdefault("Globals", {}).setdefault("Function", {})["CodeUri"] = "s3://artifacts/code"
json.dump(transform(template, {}, NoManagedPolicies()), sys.stdout, indent=1)
