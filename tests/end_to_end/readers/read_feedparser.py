"""FILE -> what feedparser reads, in the shape that agree.py describes."""
import calendar
import json
import sys

import feedparser

with open(sys.argv[1], "rb") as file:
    feed = feedparser.parse(file.read())
if feed.bozo:
    sys.exit(f"not well-formed: {feed.bozo_exception}")
json.dump([{
    "id": entry.id,
    "title": entry.get("title"),
    "link": entry.link,
    "published": calendar.timegm(entry.published_parsed),
    "updated": calendar.timegm(entry.updated_parsed) if "updated_parsed" in entry else None,
    "authors": [person.get("name") for person in entry.get("authors", [])],
    "content": entry.content[0].value if "content" in entry else entry.get("summary", ""),
    "enclosures": [[link.href, link.get("type", ""), int(link.get("length", 0))] for link in entry.links if link.rel == "enclosure"],
} for entry in feed.entries], sys.stdout)
