"""FILE -> the mails that rss2email makes of it, in the shape that agree.py describes."""
import email
import email.policy
import email.utils
import json
import pathlib
import subprocess
import sys
import tempfile

with tempfile.TemporaryDirectory() as folder:
    home = pathlib.Path(folder)
    maildir = home / "mail"
    for part in ("new", "cur", "tmp"):
        (maildir / "inbox" / part).mkdir(parents=True)
    config = home / "config"
    config.write_text(f"[DEFAULT]\nto = somebody@example.org\nemail-protocol = maildir\nmaildir-path = {maildir}\n"
                      "maildir-mailbox = inbox\nhtml-mail = True\ndate-header = True\ndate-header-order = issued, modified\nuse-publisher-email = False\n")
    r2e = ["r2e", "--config", config, "--data", home / "data"]
    subprocess.run([*r2e, "add", "feed", pathlib.Path(sys.argv[1]).resolve().as_uri()], check=True, stdout=sys.stderr)
    subprocess.run([*r2e, "run"], check=True, stdout=sys.stderr)
    mails = [email.message_from_bytes(file.read_bytes(), policy=email.policy.default) for file in (maildir / "inbox" / "new").iterdir()]
json.dump([{
    "id": mail["X-RSS-ID"],
    "title": mail["Subject"],
    "link": mail["X-RSS-URL"],
    "published": int(email.utils.parsedate_to_datetime(mail["Date"]).timestamp()),
    "content": mail.get_body(("html",)).get_content().split('<div id="body">')[1].split('<div class="footer">')[0],
} for mail in mails], sys.stdout)
