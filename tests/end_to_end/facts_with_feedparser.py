"""URL -> what feedparser reads of the feed's entries, one fact a line: NAME=VALUE, the parts of a value with | between them."""
import calendar
import sys

import feedparser

feed = feedparser.parse(sys.argv[1], sanitize_html=False)
if feed.bozo:
    sys.exit(f"not well-formed: {feed.bozo_exception}")

def fact(name, *values):
    print(f"{name}=" + "|".join("" if value is None else str(value) for value in values))

for entry in feed.entries:
    for name in ("id", "title", "link", "rights", "comments", "itunes_duration", "itunes_season", "itunes_episode", "georss_featurename"):
        if name in entry:
            fact(name, entry[name])
    for name in ("published", "updated"):
        if name + "_parsed" in entry:
            fact(name, calendar.timegm(entry[name + "_parsed"]))
    for person in entry.get("authors", []):
        fact("author", person.get("name"))
        fact("person", person.get("name"), person.get("email"), person.get("href"))
    for tag in entry.get("tags", []):
        fact("tag", tag.term, tag.scheme, tag.label)
    for link in entry.links:
        if link.rel == "enclosure":
            fact("enclosure", link.href, link.get("type"), link.get("length"))
        else:
            fact({"replies": "comments"}.get(link.rel, link.rel), link.href)
    for media in entry.get("media_content", []):
        fact("media", media["url"], media.get("type"), media.get("width"), media.get("height"), media.get("duration"))
    for thumbnail in entry.get("media_thumbnail", []):
        fact("thumbnail", thumbnail["url"], thumbnail.get("width"), thumbnail.get("height"))
    if "where" in entry:
        fact("point", *entry.where.coordinates)
    if "source" in entry:
        fact("source", entry.source.get("id"), entry.source.get("title"), entry.source.get("rights"))
        for link in entry.source.links:
            fact("source_" + link.rel, link.href)
    for content in entry.get("content", []):
        fact("content", content.value)
