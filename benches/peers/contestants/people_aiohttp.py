"""People looked up with aiohttp: `people_aiohttp.py ORIGIN COUNT IN_FLIGHT`."""

import asyncio

import aiohttp
from told import arguments, told


async def main():
    (origin, count, in_flight), _ = arguments()
    numbers = iter(range(int(count)))
    found = 0
    connector = aiohttp.TCPConnector(limit=int(in_flight))
    async with aiohttp.ClientSession(headers={"x-api-key": "key"}, connector=connector) as client:

        async def work():
            nonlocal found
            for number in numbers:
                url = f"{origin}/api/v1/users/person-{number}?account_id=key"
                async with client.get(url, raise_for_status=True) as answer:
                    person = await answer.json()
                found += person["public_identifier"] == f"person-{number}"

        await asyncio.gather(*(work() for _ in range(int(in_flight))))
    told(rows=found)


asyncio.run(main())
