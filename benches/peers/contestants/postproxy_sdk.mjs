// Postproxy's own Node client: `postproxy_sdk.mjs list|ndjson ORIGIN`.

import { once } from "node:events";
import { PostProxy } from "postproxy-sdk";
import { given, told } from "./told.mjs";

const [[mode, origin], isChecked] = given();
const client = new PostProxy("key", { baseUrl: origin });
const answer = await client.profiles.list();
if (answer === null) {
  // A body that cannot become one string: the client swallows the error.
  told({ rows: null, said: "null, without an error" });
} else {
  const rows = answer.data;
  if (mode === "ndjson") {
    const batch = 1000;
    for (let start = 0; start < rows.length; start += batch) {
      const lines = rows.slice(start, start + batch).map((row) => JSON.stringify(row));
      if (!process.stdout.write(lines.join("\n") + "\n")) await once(process.stdout, "drain");
    }
  }
  const active = isChecked ? { active: rows.filter((row) => row.status === "active").length } : {};
  told({ rows: rows.length, ...active });
}
