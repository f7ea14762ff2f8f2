"""usage: answers_as_described.py OPENAPI_JSON PORT TOKEN_FOR_ALL TOKEN_FOR_NOTHING...

Tries every operation of the description with its own examples, in their order, against a daemon, and judges each answer by what
is described: the status, the media type, the body by its schema (JSON Schema 2020-12), the fields. Prints what is wrong, a line
each; the last line says how many answers were judged. TOKEN_FOR_NOTHING is one a scope: `read=TOKEN`, which has all but that."""

import http.client
import json
import sys
import urllib.parse

import jsonschema

description, port, token, *others = sys.argv[1:]
document = json.load(open(description))
lacking = dict(other.split("=", 1) for other in others)
faults, judged = [], 0


def ask(method, target, body=None, media_type=None, bearer=token):
    connection = http.client.HTTPConnection("127.0.0.1", int(port), timeout=30)
    fields = {}
    if bearer:
        fields["Authorization"] = "Bearer " + bearer
    if media_type:
        fields["Content-Type"] = media_type
    connection.request(method, target, body, fields)
    answer = connection.getresponse()
    return answer, answer.read()


def resolved(part):
    while "$ref" in part:
        here = document
        for name in part["$ref"].removeprefix("#/").split("/"):
            here = here[name]
        part = here
    return part


def schema_of(part):
    return {"$schema": "https://json-schema.org/draft/2020-12/schema", "components": document["components"], **part}


def judge(operation, answer, body, wanted):
    global judged
    judged += 1
    say = lambda what: faults.append(f"{operation['operationId']}: {what}: {answer.status} {body[:300]!r}")
    if answer.status not in wanted:
        return say(f"not one of {wanted}")
    if str(answer.status) not in operation["responses"]:
        return say("this status is not described")
    described = resolved(operation["responses"][str(answer.status)])
    media_type = answer.getheader("Content-Type", "")
    if media_type not in described["content"]:
        return say("described as " + ", ".join(described["content"]) + " and not as " + media_type)
    if answer.getheader("Cache-Control") != "no-store":
        say("it may be kept")
    texts = body.decode().splitlines() if media_type == "application/x-ndjson" else [body.decode()]
    schema = {"$ref": "#/components/schemas/Line"} if media_type == "application/x-ndjson" else described["content"][media_type]["schema"]
    for text in texts:
        try:
            jsonschema.validate(json.loads(text), schema_of(schema), cls=jsonschema.Draft202012Validator)
        except (ValueError, jsonschema.ValidationError) as error:
            say(str(error).splitlines()[0])
    return None


def address_of(path, item, operation):
    for parameter in item.get("parameters", []):
        path = path.replace("{" + parameter["name"] + "}", urllib.parse.quote(parameter["example"], safe=""))
    query = [(p["name"], p["example"]) for p in operation.get("parameters", []) if "example" in p]
    return path + ("?" + urllib.parse.urlencode(query) if query else "")


def refusals(method, target, operation):
    """What is refused before anything is done."""
    if not operation["security"]:
        return
    body_types = list(operation.get("requestBody", {}).get("content", {}))
    example = "{}" if body_types else None
    for bearer in (None, "nobody." + 64 * "0", token[:-1], token + "0"):
        answer, body = ask(method, target, example, body_types[0] if body_types else None, bearer)
        judge(operation, answer, body, {401})
        if not (answer.getheader("WWW-Authenticate") or "").startswith("Bearer "):
            faults.append(operation["operationId"] + ": 401 does not say how to do better")
    scope = operation["security"][0]["token"][0]
    answer, body = ask(method, target, example, body_types[0] if body_types else None, lacking[scope])
    judge(operation, answer, body, {403})
    if f'error="insufficient_scope", scope="{scope}"' not in (answer.getheader("WWW-Authenticate") or ""):
        faults.append(operation["operationId"] + ": 403 does not say which scope is wanted")
    if body_types:
        answer, body = ask(method, target, "{}", "text/plain")
        judge(operation, answer, body, {415})
        answer, body = ask(method, target, "{", body_types[0])
        judge(operation, answer, body, {400})
        answer, body = ask(method, target, '{"no such member": 1}', body_types[0])
        judge(operation, answer, body, {404, 422})
    else:
        answer, body = ask(method, target + ("&" if "?" in target else "?") + "nonsense=1")
        judge(operation, answer, body, {400})


for path, item in document["paths"].items():
    operations = {method: operation for method, operation in item.items() if method != "parameters"}
    for method, operation in operations.items():
        target = address_of(path, item, operation)
        refusals(method.upper(), target, operation)
        bodies = operation.get("requestBody", {}).get("content", {None: None})
        for media_type, content in bodies.items():
            body = None
            if content:
                example = content["example"]
                body = example if isinstance(example, str) else json.dumps(example, ensure_ascii=False)
                if not isinstance(example, str):
                    jsonschema.validate(example, schema_of(content["schema"]), cls=jsonschema.Draft202012Validator)
            answer, received = ask(method.upper(), target, body.encode() if body else None, media_type)
            judge(operation, answer, received, {200, 201})
            if answer.status == 201 and not answer.getheader("Location"):
                faults.append(operation["operationId"] + ": 201 without Location")
    other = next(m for m in ("PUT", "PATCH", "DELETE", "POST") if m.lower() not in operations)
    answer, body = ask(other, address_of(path, item, {}), "{}", "application/json")
    allowed = {word.strip() for word in (answer.getheader("Allow") or "").split(",")}
    if answer.status != 405 or allowed - {"HEAD"} != {m.upper() for m in operations}:
        faults.append(f"{other} {path}: {answer.status}, Allow: {answer.getheader('Allow')}")

print(*faults, sep="\n")
print(judged, "answers judged")
sys.exit(bool(faults))
