"""FILE -> what newsboat keeps of it, in the shape that agree.py describes. Its cache knows one author and one enclosure."""
import json
import pathlib
import sqlite3
import subprocess
import sys
import tempfile

with tempfile.TemporaryDirectory() as folder:
    home = pathlib.Path(folder)
    (home / "urls").write_text(pathlib.Path(sys.argv[1]).resolve().as_uri() + "\n")
    (home / "config").write_text("")
    options = ["-u", home / "urls", "-c", home / "cache.db", "-C", home / "config"]
    subprocess.run(["newsboat", *options, "-x", "reload"], check=True, stdout=subprocess.DEVNULL)
    rows = sqlite3.connect(home / "cache.db").execute("SELECT guid, title, url, pubDate, author, content FROM rss_item").fetchall()
json.dump([{"id": guid, "title": title, "link": url, "published": published, "authors": [author], "content": content}
           for guid, title, url, published, author, content in rows], sys.stdout)
