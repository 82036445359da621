// A participant of sagas in plain Node (18 or newer): no package, no library. `protocol` below means docs/protocol.md.
//
//   node participant.js --port 5105 --data courier.jsonl
//
// The data file holds the ledger and the business side by side, one JSON line per change: a row of the ledger together
// with what the change did to the business. One line is one transaction: it is on disk whole, or cut off at the next
// start as if it had never been. Everything between two lines happens without an `await`, so commands cannot overlap.
"use strict";

const crypto = require("node:crypto");
const fs = require("node:fs");
const http = require("node:http");
const { dirname, resolve } = require("node:path");

const option = (name, otherwise) => {
  const at = process.argv.indexOf(`--${name}`);
  return at < 0 ? otherwise : process.argv[at + 1];
};
const port = Number(option("port", "5105"));
const path = option("data", "courier.jsonl");
const token = process.env.SAGA_TOKEN;

const largestBody = 1024 * 1024;
const retention = 7 * 24 * 3600 * 1000;
const sweep = 200; // milliseconds between two looks for what has expired

// ---- The business: a courier has a few places for parcels each day. -------------------------------------------------

const placesPerDay = 100;
const booked = new Map(); // day -> places taken
const left = (day) => placesPerDay - (booked.get(day) ?? 0);

// An action answers { output, change } or { refused: "why" }. Its change is applied when the line is on disk.
const actions = {
  "book-courier": {
    do: ({ day, parcels = 1 }) =>
      typeof day !== "string" || !Number.isInteger(parcels) || parcels < 1
        ? { refused: "Say a day and how many parcels." }
        : left(day) < parcels
          ? { refused: `Only ${left(day)} of ${parcels} places are left on ${day}.` }
          : { output: { booking: crypto.randomUUID() }, change: { day, parcels } },
    undo: ({ day, parcels = 1 }) => ({ day, parcels: -parcels }),
  },
  // A parcel on its way cannot be called back: this one is for pivot and retriable steps, and has no undo.
  "send-courier": {
    do: ({ day, parcels = 1 }) =>
      typeof day !== "string"
        ? { refused: "Say a day." }
        : { output: { trip: crypto.randomUUID() }, change: { day: `sent ${day}`, parcels } },
  },
};
const apply = (change) => change && booked.set(change.day, (booked.get(change.day) ?? 0) + change.parcels);

// ---- The file: append, fsync, then believe it. ----------------------------------------------------------------------

const ledger = new Map(); // "saga/step" -> row
let ledgerId;
let file;
let length = 0;

function open() {
  const text = fs.existsSync(path) ? fs.readFileSync(path) : Buffer.alloc(0);
  const whole = text.lastIndexOf(10) + 1; // what follows the last line feed was cut off by a crash
  for (const line of text.subarray(0, whole).toString("utf8").split("\n")) if (line) take(JSON.parse(line));
  // Written anew without what nobody asks for any more: a temporary file, fsync, rename.
  const isOld = (row) => row.endedAs && isSettled(row) && Date.now() - row.updatedAt >= retention;
  const keep = [...ledger.values()].filter((row) => !isOld(row));
  ledger.clear();
  keep.forEach((row) => ledger.set(`${row.sagaId}/${row.step}`, row));
  ledgerId ??= crypto.randomUUID();
  const lines = [{ ledgerId, booked: [...booked] }, ...keep.map((row) => ({ row }))];
  const fresh = Buffer.from(lines.map((line) => JSON.stringify(line) + "\n").join(""));
  file = fs.openSync(`${path}.new`, "w");
  fs.writeSync(file, fresh);
  fs.fsyncSync(file);
  fs.renameSync(`${path}.new`, path);
  const folder = fs.openSync(dirname(resolve(path)), "r");
  fs.fsyncSync(folder);
  fs.closeSync(folder);
  length = fresh.length;
}

function take({ ledgerId: id, booked: all, row, change }) {
  if (id) ledgerId = id;
  if (all) all.forEach(([day, taken]) => booked.set(day, taken));
  if (row) ledger.set(`${row.sagaId}/${row.step}`, row);
  apply(change);
}

// The one way anything changes: the row and the business in one line, on disk before anybody hears of it.
function commit(row, change) {
  row.updatedAt = Date.now();
  const line = { row, change };
  const bytes = Buffer.from(JSON.stringify(line) + "\n");
  try {
    let written = 0;
    while (written < bytes.length)
      written += fs.writeSync(file, bytes, written, bytes.length - written, length + written);
  } catch (full) {
    fs.ftruncateSync(file, length); // half a line must not stand before the next one
    throw full;
  }
  try {
    fs.fsyncSync(file);
  } catch (broken) {
    console.error(`fsync failed, nobody knows what is on disk: ${broken.message}`);
    process.exit(1);
  }
  length += bytes.length;
  take(line);
  return row;
}

// ---- The ledger: the table of protocol section 2, cell by cell. -----------------------------------------------------

const isFinal = (row) => ["undone", "refused", "barred"].includes(row.state);
const isSettled = (row) => isFinal(row) || (row.state === "confirmed" && row.endedAs === "completed");
const problem = (status, code, detail, row, more) =>
  ({ status, code, detail, state: row?.state ?? "none", more });
const ok = (row, output) => ({ status: 200, output: output ?? null, state: row?.state ?? "none" });
const gone = (row) => problem(row.status, row.code, row.detail, row);
const finish = (row, state, status, code, detail, change) => commit({ ...row, state, status, code, detail }, change);

function undo(row, code, detail) {
  const change = actions[row.action].undo(row.data, row.output);
  return finish(row, "undone", 410, code, detail, change);
}

const commands = {
  do(command, row, now) {
    if (row) return row.state === "held" || row.state === "confirmed" ? ok(row, row.output) : gone(row);
    const { action, kind, data, digest } = command;
    const fresh = { ...command.key, action, kind, data, digest };
    const isArmed = kind === "compensatable";
    if (isArmed && !actions[action].undo) return problem(400, "malformed", "This action has no undo.");
    if (isArmed && now >= command.expiresAt)
      return gone(finish(fresh, "barred", 410, "expired", "The expiry had passed when the do came."));
    const { output, change, refused } = actions[action].do(data ?? {});
    if (refused && kind === "retriable") return problem(409, "refused", refused);
    if (refused) return gone(finish(fresh, "refused", 409, "refused", refused));
    const state = isArmed ? "held" : "confirmed";
    const done = commit({ ...fresh, state, output, expiresAt: isArmed ? command.expiresAt : null }, change);
    return ok(done, done.output);
  },

  confirm(command, row, now) {
    if (!row) return gone(finish(command.key, "barred", 410, "barred", "Nothing was done, and now never will be."));
    if (isFinal(row)) return { ...gone(row), status: 410 };
    if (row.state === "confirmed") return ok(row);
    if (now >= row.expiresAt) return gone(undo(row, "expired", "The expiry has passed."));
    return ok(commit({ ...row, state: "confirmed" }));
  },

  undo(command, row) {
    if (!row) return ok(finish(command.key, "barred", 410, "barred", "The undo came before the do."));
    if (isFinal(row)) return ok(row);
    if (row.kind !== "compensatable" || isSettled(row))
      return problem(409, "done", "This is done and cannot be undone.", row, { output: row.output });
    return ok(undo(row, "undone", "It was undone on the orchestrator's command."));
  },

  extend(command, row, now) {
    if (!row) return problem(404, "not-held", "There is nothing to extend.");
    if (isFinal(row)) return { ...gone(row), status: 410 };
    if (row.state === "confirmed") return ok(row);
    if (row.extendedBy === command.id && now < row.expiresAt) return ok(row);
    if (!(command.expiresAt > now && command.expiresAt > row.expiresAt))
      return problem(409, "not-extended", "A new expiry must be later than the old one and than now.", row);
    return ok(commit({ ...row, expiresAt: command.expiresAt, extendedBy: command.id }));
  },
};

function run(name, command) {
  const row = ledger.get(`${command.key.sagaId}/${command.key.step}`);
  const now = Date.now();
  if (now - command.sentAt > retention / 2) return problem(410, "stale", "This command was sent too long ago.", row);
  const isOther = name === "do" && (row?.digest !== command.digest || row?.kind !== command.kind);
  if (row?.digest && (row.action !== command.action || isOther))
    return problem(409, "key-reused", "This step of this saga came before with other data.", row);
  return commands[name](command, row, now);
}

// The participant's own clock: needs nobody else to be alive.
function undoExpired() {
  for (const row of ledger.values()) {
    if (row.state !== "held" || Date.now() < row.expiresAt) continue;
    try {
      undo(row, "expired", "The expiry has passed.");
    } catch (failure) {
      console.error(`The undo of ${row.step} of saga ${row.sagaId} failed and is tried again: ${failure.message}`);
    }
  }
}

// ---- The wire: CloudEvents in HTTP binary mode, protocol section 5. -------------------------------------------------

class Malformed extends Error {}

function readCommand(name, action, request, body, receivedAt) {
  const attribute = (key, isNeeded, longest = 400) => {
    const value = request.headers[`ce-${key}`];
    if (value === undefined && isNeeded) throw new Malformed(`The attribute ${key} is missing.`);
    if (value?.length > longest) throw new Malformed(`The attribute ${key} is longer than ${longest} characters.`);
    return value;
  };
  const part = (key, longest) => {
    const value = attribute(key, true, longest);
    if (!/^[\x21-\x2e\x30-\x7e]+$/.test(value)) throw new Malformed(`The attribute ${key} is no part of a key.`);
    return value;
  };
  const instant = (key, isNeeded) => {
    const value = attribute(key, isNeeded);
    if (value === undefined) return undefined;
    const isWritten = /^\d{4}-\d\d-\d\dT\d\d:\d\d:\d\d(\.\d+)?(Z|[+-]\d\d:\d\d)$/i.test(value);
    if (!isWritten || Number.isNaN(Date.parse(value)))
      throw new Malformed(`The attribute ${key} is no RFC 3339 instant.`);
    return Date.parse(value);
  };
  const type = `saga.step.${name}`;
  if (attribute("type", true) !== type) throw new Malformed(`The type must be ${type} at this address.`);
  const kind = attribute("sagakind") ?? "compensatable";
  if (!["compensatable", "pivot", "retriable"].includes(kind)) throw new Malformed("There is no such sagakind.");
  const isTimed = name === "extend" || (name === "do" && kind === "compensatable");
  let expiresAt = instant("expirytime", isTimed);
  const remaining = attribute("sagaremaining");
  if (remaining !== undefined) {
    if (!/^-?\d{1,15}$/.test(remaining)) throw new Malformed("The attribute sagaremaining is no number.");
    expiresAt = Math.min(expiresAt, receivedAt + Number(remaining));
  }
  const command = {
    id: attribute("id", true), key: { sagaId: part("sagaid", 100), step: part("sagastep", 200) },
    action, kind, sentAt: instant("time", true), expiresAt,
  };
  return name === "do" ? { ...command, ...readData(body) } : command;
}

function readData(body) {
  try {
    const data = JSON.parse(new TextDecoder("utf-8", { fatal: true }).decode(body));
    return { data, digest: crypto.createHash("sha256").update(canonical(data)).digest("hex") };
  } catch {
    throw new Malformed("The body must be JSON in UTF-8, nested not too deep.");
  }
}

// The same value in the same bytes, in whatever order a sidecar has written the members.
const canonical = (value) =>
  Array.isArray(value) ? `[${value.map(canonical)}]`
    : value && typeof value === "object"
      ? `{${Object.keys(value).sort().map((key) => JSON.stringify(key) + ":" + canonical(value[key]))}}`
      : JSON.stringify(value);

function readEnded(request, body) {
  if (request.headers["ce-type"] !== "saga.ended") throw new Malformed("The type must be saga.ended at this address.");
  const list = readData(body).data;
  const isRight = (each) => typeof each?.sagaId === "string" && ["completed", "compensated"].includes(each.outcome);
  if (!Array.isArray(list) || list.length > 1000 || !list.every(isRight))
    throw new Malformed("The body must be a list of at most 1000 {sagaId, outcome}.");
  return new Map(list.map((each) => [each.sagaId, each.outcome]));
}

function end(outcomes) {
  for (const row of [...ledger.values()])
    if (!row.endedAs && outcomes.has(row.sagaId)) commit({ ...row, endedAs: outcomes.get(row.sagaId) });
  return ok();
}

function isAdmitted(request) {
  if (!token) return true;
  const digest = (text) => crypto.createHash("sha256").update(text).digest();
  return crypto.timingSafeEqual(digest(request.headers.authorization ?? ""), digest(`Bearer ${token}`));
}

function show(row) {
  const at = (instant) => (instant ? new Date(instant).toISOString() : null);
  return { ...row, data: undefined, digest: undefined, expiresAt: at(row.expiresAt), updatedAt: at(row.updatedAt) };
}

function readPath(url) {
  try {
    return new URL(url, "http://here").pathname.split("/").map(decodeURIComponent);
  } catch {
    throw new Malformed("The address cannot be read.");
  }
}

function answer(request, body, receivedAt) {
  const [, root, ...rest] = readPath(request.url);
  const at = `${request.method} /${root}`;
  if (at === "GET /places" && rest.length === 1) return { status: 200, output: { day: rest[0], left: left(rest[0]) } };
  if (root === "saga" && !isAdmitted(request)) return problem(401, "unauthorized", "The token is missing or wrong.");
  if (at === "POST /saga" && rest.length === 1 && rest[0] === "ended") return end(readEnded(request, body));
  if (at === "POST /saga" && rest.length === 2 && Object.hasOwn(actions, rest[0]) && Object.hasOwn(commands, rest[1]))
    return run(rest[1], readCommand(rest[1], rest[0], request, body, receivedAt));
  const row = at === "GET /saga" && rest.length === 2 ? ledger.get(`${rest[1]}/${rest[0]}`) : undefined;
  return row ? ok(row, show(row)) : problem(404, "not-found", "There is nothing here.");
}

function reply(response, { status, code, detail, output, state, more }) {
  const body = code ? { title: http.STATUS_CODES[status], status, code, detail, ...more } : output ?? null;
  response.writeHead(status, {
    "content-type": code ? "application/problem+json" : "application/json",
    "saga-state": state ?? "none",
    "saga-ledger": ledgerId,
  });
  response.end(JSON.stringify(body));
}

function serve(request, response) {
  const receivedAt = Date.now();
  const parts = [];
  let size = 0;
  request.on("data", (part) => {
    size += part.length;
    if (size <= largestBody) parts.push(part);
  });
  request.on("error", () => response.destroy());
  request.on("end", () => {
    try {
      const isTooLarge = size > largestBody && problem(413, "too-large", `More than ${largestBody} bytes.`);
      reply(response, isTooLarge || answer(request, Buffer.concat(parts), receivedAt));
    } catch (failure) {
      if (failure instanceof Malformed) return reply(response, problem(400, "malformed", failure.message));
      console.error(failure.message);
      reply(response, problem(503, "busy", "Nothing was changed. Send it again."));
    }
  });
}

// The port is taken first: who is started twice by mistake must not touch the file the first one writes. No message is
// read before this function has returned.
http.createServer(serve).listen(port, "127.0.0.1", function () {
  open();
  undoExpired(); // what expired while nobody ran
  setInterval(undoExpired, sweep);
  console.log(`courier listens on http://127.0.0.1:${this.address().port}, process ${process.pid}, data in ${path}`);
});
