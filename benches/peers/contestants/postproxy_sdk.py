"""Postproxy's own Python client: `postproxy_sdk.py list|ndjson ORIGIN`."""

import asyncio
import sys

from postproxy import PostProxy
from told import arguments, told


async def main():
    (mode, origin), is_checked = arguments()
    async with PostProxy("key", base_url=origin) as client:
        rows = (await client.profiles.list()).data
        if mode == "ndjson":
            sys.stdout.writelines(row.model_dump_json() + "\n" for row in rows)
    if is_checked:
        told(rows=len(rows), active=sum(row.status == "active" for row in rows))
    else:
        told(rows=len(rows))


asyncio.run(main())
