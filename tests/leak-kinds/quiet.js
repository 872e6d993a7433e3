'use strict';

// quiet.js: a process that works, but does not leak.
//
//   node --expose-gc quiet.js [--out DIR]
//
// An HTTP server and its clients in one process do 200 requests a round. After
// each of three rounds it collects garbage and writes a snapshot: t0, t1 and
// t2.heapsnapshot. What changes between them is what changes in any healthy
// process: caches that fill up to their bound or churn, code that compiles
// late, modules that load late, timers and connections that come and go.
// truth.json names what may change and what bounds it.

const crypto = require('node:crypto');
const { EventEmitter } = require('node:events');
const fs = require('node:fs');
const http = require('node:http');
const path = require('node:path');
const { Readable, Transform } = require('node:stream');
const { pipeline } = require('node:stream/promises');
const timersPromises = require('node:timers/promises');
const v8 = require('node:v8');

const REQUESTS = 200;
const CLIENTS = 4;
const ROUNDS = 3;

const out = process.argv[2] === '--out' ? process.argv[3] : '.';

// ---------------------------------------------------------------------------
// Caches, each with a bound
// ---------------------------------------------------------------------------

class LruCache {
  #entries = new Map();

  constructor(capacity) {
    this.capacity = capacity;
    this.evicted = 0;
  }

  get size() {
    return this.#entries.size;
  }

  get(key) {
    const value = this.#entries.get(key);
    if (value !== undefined) {
      this.#entries.delete(key);
      this.#entries.set(key, value);
    }
    return value;
  }

  set(key, value) {
    this.#entries.delete(key);
    this.#entries.set(key, value);
    if (this.#entries.size > this.capacity) {
      this.#entries.delete(this.#entries.keys().next().value);
      this.evicted += 1;
    }
  }
}

class CachedEntry {
  constructor(id) {
    this.id = id;
    this.data = new Array(16).fill(id);
  }
}

// Its capacity is more than the requests of a round; it is filled before the
// first round, so that it is full all the time and churns.
class WideEntry extends CachedEntry {}
const wideCache = new LruCache(500);

// Its capacity is less than the requests of a round: nothing in it survives one.
class NarrowEntry extends CachedEntry {}
const narrowCache = new LruCache(50);

// It fills up to its bound between the first and the second snapshot.
class FillingEntry extends CachedEntry {}
const fillingCache = new LruCache(300);

// One entry for each of a bounded set of users; all of them come by in the
// second round.
class UserProfile extends CachedEntry {}
const profiles = new Map();
const USERS = 250;

// A session per request, that a timer ends soon after.
class Session extends CachedEntry {}
const sessions = new Map();

// A ring buffer of the latest requests.
class AccessRecord extends CachedEntry {}
const accessLog = new Array(64).fill(null);

// What the server has seen; counters do not hold anything.
const statistics = { requests: 0, bytes: 0, byStatus: { 200: 0, 404: 0 } };

const events = new EventEmitter();

// ---------------------------------------------------------------------------
// The server
// ---------------------------------------------------------------------------

function openSession(id) {
  sessions.set(id, new Session(id));
  setTimeout(() => sessions.delete(id), 5);
}

function touchCaches(id) {
  if (!wideCache.get(`wide-${id}`)) wideCache.set(`wide-${id}`, new WideEntry(id));
  if (!narrowCache.get(`narrow-${id}`)) narrowCache.set(`narrow-${id}`, new NarrowEntry(id));
  if (!fillingCache.get(`filling-${id}`)) fillingCache.set(`filling-${id}`, new FillingEntry(id));
  const user = (id * 7) % USERS;
  if (!profiles.has(user)) profiles.set(user, new UserProfile(user));
  accessLog[id % accessLog.length] = new AccessRecord(id);
}

// Listeners that come and go with the request.
async function waitForWork(id) {
  const finished = new Promise((resolve) => events.once(`finished:${id}`, resolve));
  setImmediate(() => events.emit(`finished:${id}`));
  const late = new AbortController();
  const timeout = timersPromises.setTimeout(60_000, 'late', { signal: late.signal });
  await Promise.race([finished, timeout.catch(() => 'cancelled')]);
  late.abort();
}

// A body through a few streams.
async function transform(body) {
  const hash = crypto.createHash('sha256');
  const upper = new Transform({
    transform(chunk, encoding, done) {
      hash.update(chunk);
      done(null, chunk.toString().toUpperCase());
    },
  });
  const chunks = [];
  await pipeline(Readable.from([body, body]), upper, async (source) => {
    for await (const chunk of source) chunks.push(chunk);
  });
  return { text: Buffer.concat(chunks).toString(), digest: hash.digest('hex') };
}

// Functions that compile late: each of them is first called in a later request.
const handlers = {
  '/plain': (id) => `plain ${id}`,
  '/sum': (id) => String([...Array(20).keys()].reduce((sum, n) => sum + n * id, 0)),
  '/sorted': (id) => [5, 3, id, 1].sort((a, b) => a - b).join(','),
  '/date': (id) => new Date(id * 1000).toISOString(),
  '/match': (id) => String(/^(\d+)-(?<word>[a-z]+)$/.exec(`${id}-word`).groups.word),
};
const routes = Object.keys(handlers);

// Parts of Node that nobody loads until the first request for them.
function lazyPart(id) {
  if (id % 50 === 10) return require('node:zlib').gzipSync(`body ${id}`).length;
  if (id % 50 === 20) return require('node:querystring').parse(`a=${id}&b=2`).a;
  if (id % 50 === 30) return require('node:assert').deepStrictEqual([id], [id]);
  if (id % 50 === 40) return require('node:util').inspect({ id, nested: { deep: [id] } });
  return '';
}

async function respond(request, response) {
  const url = new URL(request.url, 'http://localhost');
  const id = Number(url.searchParams.get('id'));
  let body = '';
  for await (const chunk of request) body += chunk;
  statistics.requests += 1;
  statistics.bytes += body.length;

  openSession(id);
  touchCaches(id);
  await waitForWork(id);
  const handler = handlers[url.pathname];
  const status = handler ? 200 : 404;
  statistics.byStatus[status] += 1;
  const { text, digest } = await transform(body);
  response.writeHead(status, { 'content-type': 'application/json' });
  response.end(JSON.stringify({
    answer: handler?.(id),
    part: lazyPart(id),
    digest,
    length: text.length,
  }));
}

const server = http.createServer((request, response) => {
  respond(request, response).catch((error) => response.destroy(error));
});
server.keepAliveTimeout = 60_000;

// ---------------------------------------------------------------------------
// The clients and the run
// ---------------------------------------------------------------------------

const agent = new http.Agent({ keepAlive: true, maxSockets: CLIENTS });

function send(id) {
  return new Promise((resolve, reject) => {
    const route = id % 25 === 0 ? '/missing' : routes[Math.floor(id / 10) % routes.length];
    const request = http.request({
      agent,
      host: '127.0.0.1',
      port: server.address().port,
      method: 'POST',
      path: `${route}?id=${id}`,
    }, async (response) => {
      let text = '';
      for await (const chunk of response) text += chunk;
      resolve(JSON.parse(text));
    });
    request.on('error', reject);
    request.end(`body of request ${id}`);
  });
}

async function runRound(round) {
  const ids = Array.from({ length: REQUESTS }, (_, index) => round * REQUESTS + index);
  const clients = Array.from({ length: CLIENTS }, async () => {
    while (ids.length > 0) await send(ids.shift());
  });
  await Promise.all(clients);
}

// Several collections with turns of the event loop between.
async function collect() {
  for (let turn = 0; turn < 6; turn += 1) {
    globalThis.gc();
    await timersPromises.setTimeout(25);
  }
}

async function main() {
  if (!globalThis.gc) throw new Error('start node with --expose-gc');
  fs.mkdirSync(out, { recursive: true });
  for (let id = -500; id < 0; id += 1) wideCache.set(`wide-${id}`, new WideEntry(id));
  await new Promise((done) => server.listen(0, '127.0.0.1', done));

  const counts = [];
  for (let round = 0; round < ROUNDS; round += 1) {
    await runRound(round);
    await collect();
    counts.push({
      WideEntry: wideCache.size,
      NarrowEntry: narrowCache.size,
      FillingEntry: fillingCache.size,
      UserProfile: profiles.size,
      Session: sessions.size,
      AccessRecord: accessLog.filter(Boolean).length,
    });
    v8.writeHeapSnapshot(path.join(out, `t${round}.heapsnapshot`));
  }
  const bounds = {
    WideEntry: wideCache.capacity,
    NarrowEntry: narrowCache.capacity,
    FillingEntry: fillingCache.capacity,
    UserProfile: USERS,
    Session: 0,
    AccessRecord: accessLog.length,
  };
  const truth = {
    program: 'quiet.js',
    node: process.version,
    requests: [1, 2, 3].map((round) => round * REQUESTS),
    leaks: [],
    bounded: Object.keys(bounds).map((name) => ({
      grows: name,
      counts: counts.map((count) => count[name]),
      bound: bounds[name],
    })),
  };
  fs.writeFileSync(path.join(out, 'truth.json'), `${JSON.stringify(truth, null, 2)}\n`);
  agent.destroy();
  server.close();
}

main().then(() => process.exit(0), (error) => {
  console.error(error);
  process.exit(1);
});
