// Emmett on SQLite, with one connection that stays open, which is the best there is for it. Clients
// wait in a queue before it: on a shared connection their transactions would mix, and with the
// library's default, a connection a command, they lock each other out for a second at a time.

import { performance } from "node:perf_hooks";

import {
  getSQLiteEventStore,
  sqliteConnection,
  sqliteProjection,
} from "@event-driven-io/emmett-sqlite";

import { TYPES, evolve, initialState } from "./mission.mjs";

const BATCH = 1000; // the library waits 100 ms after each batch, of 100 events when not told

export async function openSqlite(fileName) {
  const connection = sqliteConnection({ fileName }); // sets WAL
  await connection.command("PRAGMA synchronous = FULL");
  const store = getSQLiteEventStore({
    fileName,
    connectionOptions: { singleton: true, connection },
  });
  await store.schema.migrate();
  return {
    store,
    inTurn: queue(),
    rebuild: () => rebuild(fileName, connection),
    settings: async () => ({
      journal_mode: (await connection.querySingle("PRAGMA journal_mode")).journal_mode,
      synchronous: (await connection.querySingle("PRAGMA synchronous")).synchronous,
    }),
    close: async () => connection.close(),
  };
}

function queue() {
  let last = Promise.resolve();
  return (run) => {
    const turn = last.then(run);
    last = turn.catch(() => {});
    return turn;
  };
}

async function rebuild(fileName, connection) {
  await connection.command("CREATE TABLE plan (mission TEXT PRIMARY KEY, line TEXT)");
  const { events } = await connection.querySingle("SELECT count(*) AS events FROM emt_messages");
  const lines = new Map();
  const projection = sqliteProjection({
    name: "plan",
    canHandle: TYPES,
    handle: async (batch, context) => {
      for (const event of batch) {
        const mission = event.metadata.streamName;
        const line = evolve(lines.get(mission) ?? initialState(), event);
        lines.set(mission, line);
        await context.connection.command("INSERT OR REPLACE INTO plan VALUES (?, ?)", [
          mission,
          JSON.stringify(line),
        ]);
      }
    },
  });
  let seen = 0;
  const consumer = getSQLiteEventStore({ fileName }).consumer({ pulling: { batchSize: BATCH } });
  consumer.processor({
    processorId: "plan",
    projection,
    startFrom: "BEGINNING",
    stopAfter: () => ++seen === events,
  });
  const began = performance.now();
  await consumer.start();
  const seconds = (performance.now() - began) / 1000;
  await consumer.close();
  const { kept } = await connection.querySingle("SELECT count(*) AS kept FROM plan");
  if (kept !== lines.size || seen !== events) throw new Error(`${kept} lines, ${seen} events`);
  return { events, seconds };
}
