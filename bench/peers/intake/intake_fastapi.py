"""The peer of goal 7 on SQLite: FastAPI takes a message in, and one durable commit keeps it.

What it does with a message: reads it, finds its id, kind, sender, receiver and patient, refuses it if it was there before, keeps its
bytes with a digest, adds a chained entry to a log, and moves a row on that says where the case stands. It evaluates no agreement, holds
nothing to a schema, makes no receipt and writes no access log.
"""

import hashlib
import json
import os
import sqlite3
import threading

from fastapi import FastAPI, Request, Response
from fastapi.concurrency import run_in_threadpool
from lxml import etree

SCHEMA = """
CREATE TABLE message (number INTEGER PRIMARY KEY, id TEXT NOT NULL UNIQUE, kind TEXT NOT NULL, sender TEXT NOT NULL,
    receiver TEXT NOT NULL, digest BLOB NOT NULL, document BLOB NOT NULL) STRICT;
CREATE TABLE log (position INTEGER PRIMARY KEY, case_name TEXT NOT NULL, entry TEXT NOT NULL, previous BLOB NOT NULL,
    hash BLOB NOT NULL) STRICT;
CREATE TABLE standing (case_name TEXT PRIMARY KEY, row_json TEXT NOT NULL) STRICT;
"""
HEAD = "{http://www.kith.no/xmlstds/msghead/2006-05-24}"

app = FastAPI(openapi_url=None)
lock = threading.Lock()
store = sqlite3.connect(os.environ["BENCH_STORE"], check_same_thread=False, isolation_level=None)
store.execute("PRAGMA journal_mode = WAL")
store.execute("PRAGMA synchronous = FULL")
store.executescript(SCHEMA)
parser = etree.XMLParser(resolve_entities=False, no_network=True)


def read(document):
    tree = etree.fromstring(document, parser)
    info = tree.find(f"{HEAD}MsgInfo")
    her = lambda side: info.findtext(f"{HEAD}{side}/{HEAD}Organisation/{HEAD}Organisation/{HEAD}Ident/{HEAD}Id") or ""
    patient = info.findtext(f"{HEAD}Patient/{HEAD}Ident/{HEAD}Id") or ""
    return {
        "id": info.findtext(f"{HEAD}MsgId"),
        "kind": info.find(f"{HEAD}Type").get("V"),
        "made": info.findtext(f"{HEAD}GenDate"),
        "sender": her("Sender"),
        "receiver": her("Receiver"),
        "patient": patient,
    }


def keep(document):
    message = read(document)
    digest = hashlib.sha256(document).digest()
    with lock:
        store.execute("BEGIN IMMEDIATE")
        try:
            if store.execute("SELECT 1 FROM message WHERE id = ?", (message["id"],)).fetchone():
                store.execute("ROLLBACK")
                return 200, message
            store.execute(
                "INSERT INTO message (id, kind, sender, receiver, digest, document) VALUES (?, ?, ?, ?, ?, ?)",
                (message["id"], message["kind"], message["sender"], message["receiver"], digest, document),
            )
            last = store.execute("SELECT position, hash FROM log ORDER BY position DESC LIMIT 1").fetchone()
            position, previous = (last[0] + 1, last[1]) if last else (1, bytes(32))
            entry = json.dumps(message)
            chained = hashlib.sha256(previous + entry.encode()).digest()
            store.execute(
                "INSERT INTO log VALUES (?, ?, ?, ?, ?)", (position, message["patient"], entry, previous, chained)
            )
            store.execute(
                "INSERT INTO standing VALUES (?, ?) ON CONFLICT (case_name) DO UPDATE SET row_json = excluded.row_json",
                (message["patient"], entry),
            )
            store.execute("COMMIT")
        except BaseException:
            if store.in_transaction:
                store.execute("ROLLBACK")
            raise
    return 201, message


@app.post("/api/v1/messages")
async def take_in(request: Request):
    document = await request.body()
    status, message = await run_in_threadpool(keep, document)
    return Response(json.dumps({"id": message["id"]}), status, media_type="application/json")


@app.get("/ready")
async def ready():
    return {"ready": True}
