"""Three vendors at once in Python: Postproxy's own client, and plain requests where there is none: `three.py ORIGIN`."""

import asyncio

import httpx
from postproxy import PostProxy
from told import arguments, told


async def main():
    (origin,), _ = arguments()
    async with PostProxy("key", base_url=origin) as postproxy, httpx.AsyncClient() as client:

        async def get(path):
            answer = await client.get(f"{origin}{path}", headers={"x-api-key": "key"}, timeout=60)
            return answer.raise_for_status().json()

        listed, profiles, accounts = await asyncio.gather(
            postproxy.profiles.list(), get("/profiles"), get("/api/v1/accounts")
        )
    told(rows=len(listed.data) + len(profiles["profiles"]) + len(accounts["items"]))


asyncio.run(main())
