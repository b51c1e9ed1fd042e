// What the checks of both Node clients share: the emulator they talk to, and lines that say what passed.

import { readFileSync } from "node:fs";
import { inspect, isDeepStrictEqual } from "node:util";

/** The emulator whose settings are in a file of `NAME=value` lines. */
export class Emulator {
  constructor(file) {
    const lines = readFileSync(file, "utf8").trim().split("\n");
    this.settings = Object.fromEntries(lines.map((line) => line.split(/=(.*)/s, 2)));
    this.origin = this.settings.EMULATOR_ORIGIN;
  }

  /** Spoils the next answer on a path. */
  async spoil(path, kind) {
    const body = JSON.stringify({ path, times: 1, kind });
    const answer = await fetch(`${this.origin}/__emulator/faults`, { method: "POST", body });
    if (answer.status !== 201) throw new Error(await answer.text());
  }

  /** The last request that it was sent. */
  async lastRequest() {
    return (await (await fetch(`${this.origin}/__emulator/requests`)).json()).at(-1);
  }

  /** Status and target of a page that a person would open. */
  async visit(url) {
    const answer = await fetch(url, { redirect: "manual" });
    return [answer.status, answer.headers.get("location")];
  }
}

/** The fault that is an answer of the caller's making. */
export function status(status, body = "{}", headers = [], content_type = "application/json") {
  return { status: { status, headers, body, content_type } };
}

export class Checks {
  constructor(client) {
    this.client = client;
  }

  /** Passes if the answer has exactly these values, or if the function given in their place says so. */
  async same(name, answer, expected) {
    let actual;
    let passed = false;
    try {
      actual = await answer;
      passed = typeof expected === "function" ? expected(actual) === true : isDeepStrictEqual(actual, expected);
    } catch (error) {
      actual = error;
    }
    this.#report(name, passed, expected, actual);
  }

  /** Passes if the answer has these values among others. */
  async has(name, answer, expected) {
    const picked = async () => {
      const object = await answer;
      return Object.fromEntries(Object.keys(expected).map((key) => [key, object[key]]));
    };
    await this.same(name, picked(), expected);
  }

  /** Passes if the call is rejected with exactly this kind of error, and with these values of its members. */
  async rejected(name, call, kind, members = {}) {
    let actual;
    let passed = false;
    try {
      actual = await call;
    } catch (error) {
      actual = error;
      const values = Object.keys(members).map((key) => [key, error[key]]);
      passed = error.constructor === kind && isDeepStrictEqual(Object.fromEntries(values), members);
    }
    this.#report(name, passed, { [kind.name]: members }, actual);
  }

  #report(name, passed, expected, actual) {
    console.log(`${passed ? "ok  " : "FAIL"} ${this.client}: ${name}`);
    if (passed) return;
    const shown = (value) => (typeof value === "function" ? String(value) : inspect(value, { depth: 8 }));
    console.log(`       expected ${shown(expected)}\n       got      ${shown(actual)}`);
  }
}
