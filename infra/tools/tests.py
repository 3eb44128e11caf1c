"""Prints the results of tests as infra/check prints its own: tests.py PATTERN REPORT..., of those whose class matches."""

import re
import sys
import xml.etree.ElementTree as xml

pattern, broken, seen = re.compile(sys.argv[1]), 0, 0
for path in sys.argv[2:]:
    suite = xml.parse(path).getroot()
    if not pattern.fullmatch(suite.get("name")):
        continue
    for case in suite.iter("testcase"):
        seen += 1
        what = case.get("classname").rsplit(".", 1)[-1] + ": " + case.get("name")
        skipped = case.find("skipped")
        if skipped is not None:
            print("SKIPPED  " + what + ": " + str(skipped.get("message")))
        elif case.find("failure") is not None or case.find("error") is not None:
            broken += 1
            print("FAILED   " + what)
        else:
            print("ok       " + what)
if seen == 0:
    print("FAILED   no test of ours has run")
sys.exit(1 if broken or not seen else 0)
