"""Made-up answers of three vendors, in the shape of their documents: the same bytes on every machine.

Everything in a row follows from its number, so that nobody has to keep a list of what was made up.
"""

import json
from pathlib import Path

PEOPLE = 2_000

WORDS = ("Amber", "Birch", "Cobalt", "Dune", "Ember", "Fern", "Grove", "Haven")
# One name in eight is not ASCII, one in sixty-four has an escape in JSON: both happen in real lists.
PLACES = ("Studio", "Works", "Café", "Press", "Media", "House", "Labs", "Store")
PLATFORMS = (
    "linkedin",
    "instagram",
    "facebook",
    "twitter",
    "bluesky",
    "threads",
    "tiktok",
    "youtube",
    "pinterest",
    "telegram",
)
BATCH = 10_000


def lists(folder, rows):
    """Writes the three vendors' lists of so many rows, where they are not there yet."""
    postproxy(folder, rows)
    write_rows(folder / "profiles", '{"profiles":[', map(postcore_row, range(rows)), "]}")
    head, tail = '{"object":"AccountList","items":[', '],"cursor":null}'
    write_rows(folder / "api/v1/accounts", head, map(postpress_row, range(rows)), tail)


def postproxy(folder, rows):
    """Writes Postproxy's list alone."""
    write_rows(folder / "api/profiles", '{"data":[', map(postproxy_row, range(rows)), "]}")


def people(folder):
    """Writes the pages of `person-0` and those after it, as `GET /api/v1/users/{identifier}` answers."""
    for number in range(PEOPLE):
        path = folder / f"api/v1/users/person-{number}"
        if not path.exists():
            path.parent.mkdir(parents=True, exist_ok=True)
            path.write_text(json_text(person(number)))


def is_active(number):
    """Whether Postproxy's row of that number says `active`."""
    return dice(number) % 10 >= 2


def dice(number):
    """A number without visible pattern from a number: the mixing steps of SplitMix64."""
    mixed = (number * 0x9E37_79B9_7F4A_7C15 + 0x1234_5678_9ABC_DEF1) & 0xFFFF_FFFF_FFFF_FFFF
    mixed = ((mixed ^ (mixed >> 30)) * 0xBF58_476D_1CE4_E5B9) & 0xFFFF_FFFF_FFFF_FFFF
    return mixed ^ (mixed >> 29)


def postproxy_row(number):
    roll = dice(number)
    status = ("expired", "inactive")[roll % 10] if roll % 10 < 2 else "active"
    dated = status == "expired" or (roll >> 8) % 2
    expires_at = f'"{moment(roll >> 9)}"' if dated else "null"
    picture = f'"https://cdn.postproxy.dev/uploads/avatar_prof{number:08x}.jpg"' if (roll >> 20) % 8 else "null"
    name = name_of(number, roll)
    if (roll >> 24) % 64 == 0:
        name = f'\\"{name}\\"'
    return (
        f'{{"id":"prof{number:08x}","name":"{name}","platform":"{PLATFORMS[(roll >> 32) % 10]}","status":"{status}",'
        f'"profile_group_id":"grp{(roll >> 40) % 64:06d}","expires_at":{expires_at},'
        f'"post_count":{(roll >> 46) % 500},"avatar_url":{picture}}}'
    )


def postcore_row(number):
    roll = dice(number)
    handle = handle_of(number, roll)
    name = name_of(number, roll)
    since = moment(roll >> 9, year=2025)
    linkedin = {
        "platform": "linkedin",
        "displayName": name,
        "username": handle,
        "connectedAt": since,
        "expiresAt": moment(roll >> 9),
        "daysUntilExpiry": (roll >> 20) % 60,
        "needsReconnect": roll % 10 == 0,
    }
    bluesky = {
        "platform": "bluesky",
        "displayName": f"{handle}.bsky.social",
        "username": f"{handle}.bsky.social",
        "connectedAt": since,
        "expiresAt": None,
        "daysUntilExpiry": None,
        "needsReconnect": False,
    }
    connections = ([linkedin], [bluesky], [linkedin, bluesky])[roll % 3]
    return json_text(
        {
            "profileKey": f"prof_{number:012x}",
            "profileName": f"User: {handle}@example.com",
            "createdAt": since,
            "connectedPlatforms": connections,
        }
    )


def postpress_row(number):
    roll = dice(number)
    account = f"acc_{number:026d}"
    handle = handle_of(number, roll)
    name = name_of(number, roll)
    access = {"id": f"ACoAA{roll:016x}", "publicIdentifier": handle, "username": name}
    return json_text(
        {
            "object": "Account",
            "type": "LINKEDIN",
            "id": account,
            "name": name,
            "created_at": moment(roll >> 9, year=2025)[:-1] + ".000Z",
            "groups": [],
            "sources": [{"id": f"{account}_MESSAGING", "status": ("OK", "OK", "OK", "CREDENTIALS")[roll % 4]}],
            "connection_params": {"im": access},
        }
    )


def person(number):
    roll = dice(number)
    first, last = WORDS[roll % 8], WORDS[(roll >> 3) % 8]
    return {
        "object": "UserProfile",
        "provider": "LINKEDIN",
        "provider_id": f"ACoAA{roll:016x}",
        "public_identifier": f"person-{number}",
        "public_profile_url": f"https://www.linkedin.com/in/person-{number}",
        "first_name": first,
        "last_name": last,
        "headline": f"Engineer at {last} {PLACES[(roll >> 6) % 8]}",
        "summary": "Building things for the web.",
        "location": "San Francisco, California, United States",
        "websites": [f"https://{first.lower()}{number}.example"],
        "profile_picture_url": f"https://media.example/{roll:016x}/profile.jpg",
        "profile_picture_url_large": f"https://media.example/{roll:016x}/profile-large.jpg",
        "background_picture_url": f"https://media.example/{roll:016x}/background.jpg",
        "follower_count": (roll >> 10) % 20_000,
        "connections_count": (roll >> 20) % 1_000,
        "shared_connections_count": (roll >> 30) % 50,
        "network_distance": "SECOND_DEGREE",
        "is_premium": roll % 2 == 0,
        "is_open_to_work": False,
        "is_self": False,
        "work_experience": [
            {
                "position": "Staff Engineer",
                "company": last,
                "company_id": str(roll % 10_000_000),
                "company_url": f"https://www.linkedin.com/company/{last.lower()}",
                "industry": ["Software"],
                "location": "Remote",
                "description": "Leading platform team.",
                "skills": ["React", "Node.js"],
                "current": True,
                "start": "2022-04",
                "end": None,
            }
        ],
        "work_experience_total_count": 5,
        "education": [
            {
                "school": "MIT",
                "degree": "B.S.",
                "field_of_study": "Computer Science",
                "start": "2010",
                "end": "2014",
            }
        ],
        "education_total_count": 1,
        "skills_total_count": 32,
        "languages": [{"name": "English", "proficiency": "NATIVE_OR_BILINGUAL"}],
        "languages_total_count": 1,
        "throttled_sections": [],
    }


def moment(roll, year=2027):
    """A moment of that year, as Postproxy and Postcore write it."""
    return f"{year}-{1 + roll % 12:02d}-{1 + (roll >> 4) % 28:02d}T{(roll >> 9) % 24:02d}:{(roll >> 14) % 60:02d}:00Z"


def name_of(number, roll):
    return f"{WORDS[(roll >> 50) % 8]} {PLACES[(roll >> 53) % 8]} {number}"


def handle_of(number, roll):
    return f"{WORDS[(roll >> 56) % 8].lower()}{number}"


def json_text(value):
    return json.dumps(value, ensure_ascii=False, separators=(",", ":"))


def write_rows(path, head, rows, tail):
    """Writes a list, under another name until it is complete: what a run that was stopped left behind is not taken for
    a list."""
    if path.exists():
        return
    path.parent.mkdir(parents=True, exist_ok=True)
    unfinished = path.with_name(path.name + ".unfinished")
    with unfinished.open("w", encoding="utf-8") as file:
        file.write(head)
        batch, separator = [], ""
        for row in rows:
            batch.append(row)
            if len(batch) == BATCH:
                file.write(separator + ",".join(batch))
                batch, separator = [], ","
        if batch:
            file.write(separator + ",".join(batch))
        file.write(tail)
    unfinished.rename(path)


def body(folder):
    """Postproxy's list in that folder."""
    return Path(folder) / "api/profiles"
