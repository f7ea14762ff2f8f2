"""FOLDER < FEED -> what the JSON Schemas of JSON Feed 1.1 in FOLDER find wrong with the feed, one line each; by python3-jsonschema."""
import json
import pathlib
import sys

from jsonschema import Draft4Validator, RefResolver

folder = pathlib.Path(sys.argv[1])
schema = json.loads((folder / "jsonfeed-schemastore-feed.json").read_text())
older = json.loads((folder / "jsonfeed-schemastore-feed-1.json").read_text())
resolver = RefResolver(schema["id"], schema, store={older["id"]: older})
faults = list(Draft4Validator(schema, resolver=resolver).iter_errors(json.load(sys.stdin)))
for fault in faults:
    print("/".join(map(str, fault.path)), fault.message)
sys.exit(1 if faults else 0)
