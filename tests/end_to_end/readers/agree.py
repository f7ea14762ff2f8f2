"""ROWS < ENTRIES: whether what a reader read of a feed is what the database holds.

Both are JSON lists of objects: id, title, link, published and updated (seconds since 1970), authors (names), content (HTML),
enclosures ([url, media type, length]). A key that an entry lacks is one that its reader cannot tell of in that format; an entry
that is missing, twice or somebody else's is an error. Prints each difference, and exits with 1 where there is one.
"""
import html
import json
import re
import sys
import unicodedata


def words(markup):
    """What a reader sees of HTML, however it is escaped, spaced and marked up."""
    text = html.unescape(re.sub(r"<(script|style)\b.*?</\1\s*>|<!--.*?-->|<[^>]*>", " ", markup, flags=re.S | re.I))
    return "".join(unicodedata.normalize("NFC", text).split())


def differences(row, entry):
    for key, value in entry.items():
        wanted = row[key]
        if key == "updated" and value is not None and wanted is None:
            wanted = row["published"]
        if key == "title":
            value, wanted = words(value or ""), words(wanted)
            if not wanted:
                continue  # an untitled article shows its first words, or nothing
        elif key == "content":
            value, wanted = words(value), words(wanted)
        elif key == "authors":
            value, wanted = [name for name in value if name], [name for name in wanted if name]
            if not wanted:
                continue  # readers then take the feed's
        elif key == "updated" and value is None:
            continue
        if value != wanted:
            yield f"{row['id']}: {key} is {value!r}, and in the database {wanted!r}"


with open(sys.argv[1], encoding="utf-8") as file:
    rows = {row["id"]: row for row in json.load(file)}
entries = json.load(sys.stdin)
faults = []
seen = set()
for entry in entries:
    if entry["id"] in seen:
        faults.append(f"{entry['id']} is there twice")
    elif entry["id"] not in rows:
        faults.append(f"{entry['id']} is not in the database")
    else:
        faults.extend(differences(rows[entry["id"]], entry))
    seen.add(entry["id"])
faults.extend(f"{missing} is missing" for missing in rows if missing not in seen)
if faults:
    sys.exit("\n".join(faults))
print(len(entries))
