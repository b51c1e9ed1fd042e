// What every contestant says at its end, as the last line of standard error: what it has read.

export function told(what) {
  console.error(JSON.stringify(what));
}

/** The arguments, and whether more than the count is asked for. */
export function given() {
  const all = process.argv.slice(2);
  return [all.filter((argument) => argument !== "--check"), all.includes("--check")];
}

/** Calls `work` for the numbers below `count`, so many at once. */
export async function spread(count, inFlight, work) {
  let next = 0;
  const worker = async () => {
    while (next < count) await work(next++);
  };
  await Promise.all(Array.from({ length: inFlight }, worker));
}
