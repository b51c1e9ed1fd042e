#!/usr/bin/env python3
"""Writes the seeds of every target to corpus/TARGET, from the documents' own examples. Needs nothing but Python 3."""

import hashlib
import itertools
import json
import pathlib
import re

HERE = pathlib.Path(__file__).resolve().parent
CRATES = HERE.parent / "crates"


def documents(vendor):
    return {path.stem: path.read_bytes() for path in sorted((CRATES / vendor / "documents").glob("*.json"))}


def seed(target, data):
    folder = HERE / "corpus" / target
    folder.mkdir(parents=True, exist_ok=True)
    (folder / ("seed-" + hashlib.sha256(data).hexdigest()[:16])).write_bytes(data)


def compact(value):
    return json.dumps(value, ensure_ascii=False, separators=(",", ":")).encode()


POSTPROXY, POSTCORE, POSTPRESS = documents("postproxy"), documents("postcore"), documents("postpress")

# Envelope, limits and chunk sizes are in the last eight bytes.
lists = [(0, POSTPROXY["profiles"]), (1, POSTCORE["profiles"]), (2, POSTPRESS["accounts"])]
for (envelope, text), limits, size in itertools.product(lists, (0, 1, 2), (0, 6, 63)):
    for body in (text, compact(json.loads(text))):
        seed("lexer", body + bytes([envelope | limits << 2] + [size] * 7))

for row in json.loads(POSTPROXY["profiles"])["data"] + [json.loads(POSTPROXY["profile"])]:
    seed("postproxy_row", compact(row))
for row in json.loads(POSTCORE["profiles"])["profiles"]:
    seed("postcore_row", compact(row))
accounts = json.loads(POSTPRESS["accounts"])
for row in accounts.get("items") or accounts["data"]:
    seed("postpress_row", compact(row))

for name, text in POSTPRESS.items():
    if name.startswith(("user_", "owner_")):
        seed("postpress_person", compact(json.loads(text)))

for selector, text in [
    (0, POSTCORE["profile"]), (1, POSTCORE["created"]), (2, POSTPROXY["profile"]), (3, POSTPROXY["placements"]),
    (3, POSTPROXY["telegram_placements"]), (4, POSTPROXY["profile_groups"]), (5, POSTPROXY["profile_group"]),
    (6, POSTPROXY["stats"]), (7, POSTPROXY["stats"]), (8, POSTPROXY["connect_link"]), (8, POSTPROXY["connect_bluesky"]),
    (8, POSTPROXY["connect_telegram"]), (9, b'{"profileKey":"p1","platform":"bluesky","username":"a.bsky.social"}'),
    (10, b'{"object":"HostedAuthUrl","url":"https://account.example.com/abc"}'), (11, POSTPROXY["profile_deleted"]),
    (11, POSTPROXY["profile_group_deleted"]), (12, POSTCORE["deleted"]), (13, b'{"object":"AccountDeleted"}'),
    (14, b"https://example.com/back?org=1&failure=true&error_code=user_abandoned&profileKey=p1"),
]:
    seed("documents", text + bytes([selector]))

# The bodies in the tables of errors, under a status of each class.
for vendor in (POSTPROXY, POSTCORE, POSTPRESS):
    for document in vendor.values():
        seed("parser", document)
        seed("parser", compact(json.loads(document)))
for text in [
    r'{"text":"\u00fc \ud83d\ude00","unsigned":18446744073709551615,"signed":-0,"float":1.5e-7,"rows":[{"flag":true}, {}]}',
    '{"text":null , "any":[0,-1,[{}],{"a":"b"}],\r\n"flag"\t:false}rest',
]:
    seed("parser", text.encode())

for vendor, name in enumerate(("postproxy", "postcore", "postpress")):
    sources = [CRATES / name / "src" / "fault.rs", CRATES / name / "src" / "fault" / "tests.rs"]
    text = "".join(path.read_text() for path in sources if path.exists())
    for number, body in enumerate(re.findall(r'r#"(\{.*?\})"#', text)):
        seed("faults", body.encode() + bytes([vendor, 1 + number % 2, number, number % 3, 10, 8]))
    for kind in re.findall(r'"([a-z_]{8,})"', text) if name == "postpress" else []:
        body = compact({"title": "T", "detail": "D", "instance": "req_1", "type": "errors/" + kind, "status": 401})
        seed("faults", body + bytes([vendor, 1, 1, 1, 10, 8]))

for text in [
    "2025-03-02T12:30:00Z\n120\n100\n99\n1740918600", "2016-12-31T23:59:60.123456789+23:59\n0\n\n\n",
    "2024-02-29t00:00:00.5-00:00\nTue, 14 Nov 2023 22:13:50 GMT", "0000-01-01T00:00:00Z\nTuesday, 14-Nov-23 22:13:50 GMT",
    "9999-12-31T23:59:59-23:59\nTue Nov 14 22:13:50 2023\n18446744073709551616\n-1\n1e3",
]:
    for number in (b"\0" * 8, b"\x00\x60\x3d\x5d\x40\x56\x79\x42", b"\xff" * 8):
        seed("headers_and_times", number + text.encode())

for text in [
    "https://api.example.com\nkey\nprofiles\nprof123abc", "http://127.0.0.1:80/proxy/?port=1\nsk_live_1\napi\n../../x\n%2e%2e\na?b#c\\d",
    "https://[::1]:8080/a%2fb/\nkey with blank\naccounts/1/locations/2\n-100123\n\u00fc \u202e", "https://user:pw@example.com/#f\n\n.\n..\n\n",
]:
    seed("base_url", text.encode())

for text in [
    '[[provider]]\nvendor = "postproxy"\nname = "main-brand"\nkey_env = "POSTPROXY_KEY_MAIN"\ngroup = "g1"\n\n[[provider]]\nvendor = "postpress"\n'
    'key_file = "./postpress.key"\naccount = "acc_1"\nattempts = 5\nconcurrency = 2\n[provider.timeouts]\ncall = "1m"\nconnect = "250ms"\n',
    '[[provider]]\nvendor = "postcore"\nkey_env = "K"\nbase_url = "https://example.com/x?port=1"\ntimeouts = { listing = "5s", grace = "6h" }\n',
    '[[provider]]\nvendor = "$"\nkey_env = "$"\n', 'api_key = "$"\n', '[[provider]]\n"$" = "$"\n', '[provider]\nvendor = "&"\n',
    '[[provider]]\nvendor = "postcore"\nkey_env = "K"\nbase_url = "&"\n', '[[provider]]\nkey = $\n', '[$]\n', '# $\nx = """$\n',
]:
    seed("config", text.encode())
