// Emmett on PostgreSQL, by the library's own pool and its own rebuilding of a projection.
//
// It reads events in the order of transactions and goes on after the position of the last one: of
// what was appended side by side it passes over some at each end of a batch. So the projection is
// rebuilt from what one client appended, and counts what it saw.

import { performance } from "node:perf_hooks";

import {
  getPostgreSQLEventStore,
  postgreSQLProjection,
  rebuildPostgreSQLProjections,
} from "@event-driven-io/emmett-postgresql";
import { dumbo, rawSql, sql } from "@event-driven-io/dumbo";

import { TYPES, evolve, initialState } from "./mission.mjs";

const BATCH = 1000; // 100 when not told

export async function openPostgres(connectionString) {
  const store = getPostgreSQLEventStore(connectionString);
  await store.schema.migrate();
  const pool = dumbo({ connectionString });
  const shown = async (name) => (await pool.execute.query(rawSql(`SHOW ${name}`))).rows[0][name];
  return {
    store,
    inTurn: (run) => run(),
    rebuild: () => rebuild(connectionString, pool),
    settings: async () => ({
      fsync: await shown("fsync"),
      synchronous_commit: await shown("synchronous_commit"),
    }),
    close: async () => {
      await store.close();
      await pool.close();
    },
  };
}

async function rebuild(connectionString, pool) {
  await pool.execute.command(rawSql("CREATE TABLE plan (mission text PRIMARY KEY, line text)"));
  const counted = await pool.execute.query(
    rawSql("SELECT count(*)::int AS events FROM emt_messages WHERE message_kind = 'E'"),
  );
  const { events } = counted.rows[0];
  const lines = new Map();
  let seen = 0;
  const projection = postgreSQLProjection({
    name: "plan",
    canHandle: TYPES,
    truncate: async (context) => {
      await context.execute.command(rawSql("TRUNCATE plan"));
    },
    handle: async (batch, context) => {
      for (const event of batch) {
        const mission = event.metadata.streamName;
        const line = evolve(lines.get(mission) ?? initialState(), event);
        lines.set(mission, line);
        seen += 1;
        await context.execute.command(
          sql(
            "INSERT INTO plan VALUES (%L, %L) ON CONFLICT (mission) DO UPDATE SET line = EXCLUDED.line",
            mission,
            JSON.stringify(line),
          ),
        );
      }
    },
  });
  const consumer = rebuildPostgreSQLProjections({
    connectionString,
    projections: [projection],
    pulling: { batchSize: BATCH },
  });
  const began = performance.now();
  await consumer.start();
  const seconds = (performance.now() - began) / 1000;
  await consumer.close();
  if (seen !== events) throw new Error(`${seen} of ${events} events`);
  return { events, seconds };
}
