// Three vendors at once in Node: the official clients of two, a plain request for the third: `three.mjs ORIGIN`.

import { PostProxy } from "postproxy-sdk";
import { UnipileClient } from "unipile-node-sdk";
import { given, told } from "./told.mjs";

const [[origin]] = given();
const postproxy = new PostProxy("key", { baseUrl: origin });
const postpress = new UnipileClient(origin, "key");
const postcore = async () => {
  const answer = await fetch(`${origin}/profiles`, { headers: { "x-api-key": "key" } });
  if (!answer.ok) throw new Error(`status ${answer.status}`);
  return answer.json();
};
const [listed, profiles, accounts] = await Promise.all([
  postproxy.profiles.list(),
  postcore(),
  postpress.account.getAll(),
]);
told({ rows: listed.data.length + profiles.profiles.length + accounts.items.length });
