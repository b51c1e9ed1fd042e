"""People looked up with httpx: `people_httpx.py ORIGIN COUNT IN_FLIGHT`."""

import asyncio

import httpx
from told import arguments, told


async def main():
    (origin, count, in_flight), _ = arguments()
    numbers = iter(range(int(count)))
    found = 0
    limits = httpx.Limits(max_connections=int(in_flight), max_keepalive_connections=int(in_flight))
    async with httpx.AsyncClient(headers={"x-api-key": "key"}, limits=limits, timeout=60) as client:

        async def work():
            nonlocal found
            for number in numbers:
                answer = await client.get(f"{origin}/api/v1/users/person-{number}", params={"account_id": "key"})
                found += answer.raise_for_status().json()["public_identifier"] == f"person-{number}"

        await asyncio.gather(*(work() for _ in range(int(in_flight))))
    told(rows=found)


asyncio.run(main())
