"""The fastest of Python's typed decoders on a plain request: `httpx_msgspec.py ORIGIN`."""

import httpx
import msgspec
from told import arguments, told


class Profile(msgspec.Struct):
    id: str
    name: str
    platform: str
    status: str
    profile_group_id: str
    expires_at: str | None
    post_count: int
    avatar_url: str | None


class List(msgspec.Struct):
    data: list[Profile]


def main():
    (origin,), is_checked = arguments()
    with httpx.Client(headers={"Authorization": "Bearer key"}, trust_env=False) as client:
        answer = client.get(f"{origin}/api/profiles").raise_for_status()
        rows = msgspec.json.decode(answer.content, type=List).data
    if is_checked:
        told(rows=len(rows), active=sum(row.status == "active" for row in rows))
    else:
        told(rows=len(rows))


main()
