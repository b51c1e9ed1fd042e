// People looked up with Unipile's own Node client, whose wire format Postpress has:
// `people_unipile.mjs ORIGIN COUNT IN_FLIGHT`.

import { UnipileClient } from "unipile-node-sdk";
import { given, spread, told } from "./told.mjs";

const [[origin, count, inFlight]] = given();
const client = new UnipileClient(origin, "key");
let found = 0;
await spread(Number(count), Number(inFlight), async (number) => {
  const person = await client.users.getProfile({ account_id: "key", identifier: `person-${number}` });
  if (person.public_identifier === `person-${number}`) found += 1;
});
told({ rows: found });
