// Emmett at the same work: commands alone and side by side, and a projection rebuilt.
//
// node emmett.mjs sqlite|postgres INPUT OUTPUT
//
// PEERS_DATABASE names the file or the connection. INPUT and OUTPUT are files of JSON, for the
// library writes what goes wrong to the standard output. tests/benchmarks/contests/peers.py has
// the shapes of both.

import { readFileSync, writeFileSync } from "node:fs";
import { performance } from "node:perf_hooks";

import { CommandHandler } from "@event-driven-io/emmett";

import { evolve, initialState } from "./mission.mjs";
import { openPostgres } from "./postgres.mjs";
import { openSqlite } from "./sqlite.mjs";

const handle = CommandHandler({ evolve, initialState });

const [database, input, output] = process.argv.slice(2);
const open = { sqlite: openSqlite, postgres: openPostgres }[database];
const work = JSON.parse(readFileSync(input, "utf8"));
const peer = await open(process.env.PEERS_DATABASE);

for (const { stream, events } of work.before) {
  await peer.store.appendToStream(stream, events);
}
const said = {
  alone: await measured(() => sideBySide([work.alone])),
  rebuilt: await measured(peer.rebuild), // before what comes side by side: see postgres.mjs
  together: await measured(() => sideBySide(work.hands)),
  settings: await peer.settings(),
};
await peer.close();
writeFileSync(output, JSON.stringify(said));

async function measured(run) {
  try {
    return await run();
  } catch (error) {
    return { failed: String(error.message ?? error) };
  }
}

// Each hand by a client of its own. A command reads the stream, decides and appends.
async function sideBySide(hands) {
  const waited = [];
  const client = async (hand) => {
    for (const { stream, event } of hand) {
      const before = performance.now();
      await peer.inTurn(() => handle(peer.store, stream, () => event));
      waited.push((performance.now() - before) / 1000);
    }
  };
  const began = performance.now();
  await Promise.all(hands.map(client));
  return { waited, seconds: (performance.now() - began) / 1000 };
}
