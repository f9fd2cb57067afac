// The peer of goal 7 on PostgreSQL: Fastify takes a message in, and one durable commit keeps it. It does what `intake_fastapi.py` does.
import { createHash } from "node:crypto";

import { XMLParser } from "fast-xml-parser";
import Fastify from "fastify";
import pg from "pg";

const SCHEMA = `
CREATE TABLE message (number BIGSERIAL PRIMARY KEY, id TEXT NOT NULL UNIQUE, kind TEXT NOT NULL, sender TEXT NOT NULL,
    receiver TEXT NOT NULL, digest BYTEA NOT NULL, document BYTEA NOT NULL);
CREATE TABLE log (position BIGINT PRIMARY KEY, case_name TEXT NOT NULL, entry TEXT NOT NULL, previous BYTEA NOT NULL,
    hash BYTEA NOT NULL);
CREATE TABLE standing (case_name TEXT PRIMARY KEY, row_json TEXT NOT NULL)`;
const LOG_LOCK = 7;

const [port, folder, database] = process.argv.slice(2);
const pool = new pg.Pool({ host: folder, user: "samspill", database, max: 16 });
await pool.query(SCHEMA);
const xml = new XMLParser({ removeNSPrefix: true, ignoreAttributes: false, parseTagValue: false });

function read(document) {
  const info = xml.parse(document).MsgHead.MsgInfo;
  const first = (value) => (Array.isArray(value) ? value[0] : value);
  const her = (side) => first(side.Organisation?.Organisation?.Ident)?.Id ?? "";
  return {
    id: info.MsgId,
    kind: info.Type["@_V"],
    made: info.GenDate,
    sender: her(info.Sender),
    receiver: her(info.Receiver),
    patient: first(info.Patient?.Ident)?.Id ?? "",
  };
}

const chained = (previous, entry) => createHash("sha256").update(previous).update(entry).digest();

async function write(client, message, document) {
  await client.query({ name: "lock", text: "SELECT pg_advisory_xact_lock($1)", values: [LOG_LOCK] });
  const kept = await client.query({
    name: "keep",
    text: `INSERT INTO message (id, kind, sender, receiver, digest, document) VALUES ($1, $2, $3, $4, $5, $6)
           ON CONFLICT (id) DO NOTHING`,
    values: [message.id, message.kind, message.sender, message.receiver, createHash("sha256").update(document).digest(), document],
  });
  if (kept.rowCount === 0) return 200;
  const last = await client.query({ name: "end", text: "SELECT position, hash FROM log ORDER BY position DESC LIMIT 1" });
  const previous = last.rows[0]?.hash ?? Buffer.alloc(32);
  const [position, entry] = [Number(last.rows[0]?.position ?? 0) + 1, JSON.stringify(message)];
  await client.query({
    name: "append",
    text: "INSERT INTO log VALUES ($1, $2, $3, $4, $5)",
    values: [position, message.patient, entry, previous, chained(previous, entry)],
  });
  await client.query({
    name: "stand",
    text: "INSERT INTO standing VALUES ($1, $2) ON CONFLICT (case_name) DO UPDATE SET row_json = excluded.row_json",
    values: [message.patient, entry],
  });
  return 201;
}

async function keep(document) {
  const message = read(document.toString("utf8"));
  const client = await pool.connect();
  try {
    await client.query("BEGIN");
    const status = await write(client, message, document);
    await client.query("COMMIT");
    return { status, message };
  } catch (error) {
    await client.query("ROLLBACK");
    throw error;
  } finally {
    client.release();
  }
}

const app = Fastify({ bodyLimit: 32 << 20 });
app.addContentTypeParser("application/xml", { parseAs: "buffer" }, (request, body, done) => done(null, body));
app.post("/api/v1/messages", async (request, reply) => {
  const { status, message } = await keep(request.body);
  return reply.code(status).send({ id: message.id });
});
app.get("/ready", async () => ({ ready: true }));
await app.listen({ port: Number(port), host: "127.0.0.1" });
