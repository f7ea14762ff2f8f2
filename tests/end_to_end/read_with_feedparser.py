"""URL -> one line an entry on stdout: id, title, link, published (seconds), length of the content's text; by feedparser."""
import calendar
import re
import sys

import feedparser

feed = feedparser.parse(sys.argv[1])
if feed.bozo:
    sys.exit(f"not well-formed: {feed.bozo_exception}")
for entry in feed.entries:
    content = entry.content[0].value if "content" in entry else entry.get("summary", "")
    text = re.sub(r"<[^>]*>", "", content)
    print("\t".join([entry.id, entry.title, entry.link, str(calendar.timegm(entry.published_parsed)), "text" if text.strip() else "empty"]))
