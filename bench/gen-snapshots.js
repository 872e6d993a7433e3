#!/usr/bin/env node
'use strict';
// Builds a server-like heap of any size with known leaks in it, and writes its heap snapshots T0, T1 and T2.
//
//   node [--max-old-space-size=MB] gen-snapshots.js --out DIR --units U [--prefix NAME] [--rounds 2] [--only T0,T2]
//
// Writes DIR/NAME-T{0,1,2}.heapsnapshot and DIR/NAME-truth.json (how many of each thing there are in each snapshot).
// U sets the size: 540 gives about 10 MB a snapshot, 9000 100 MB, 46000 500 MB, 140000 1.5 GB, 460000 5 GB.
// Between two snapshots one round leaks L = ceil(U / 4) sessions:
//
//   L    LeakedPeer       in registry.peers (a Map), never deleted
//   L    listeners        bus.on('block', fn), never removed; closure -> context -> PeerSession
//   L/4  RequestTimer     setInterval, never cleared; timer list -> closure -> context
//   L    PendingRequest   in pending (a Map): a promise that never settles, with its resolvers
//   L/2  cache entries    responseCache (a plain object as dictionary): {status, headers, body}
//   L    strings          auditLog (an array): new copies of a few texts
//   L/8  buffers          4 KiB outside the heap, in PendingRequest.payload
//   L/2  WeakMap values   kept alive by leaked keys alone
//
// Not leaks: the base records (they stay), the LRU (bounded), ChurnedTask (all replaced in each round: new ids, same
// count). Ids come from a short pseudo-random cycle and may collide, so registry.peers grows by less than LeakedPeer
// does, unless --uid 1 is given. --numeric 1 writes the values of numbers too, --numeric 2 V8's internals as well.
const v8 = require('v8'), fs = require('fs'), path = require('path');
const { EventEmitter } = require('events'); const { PassThrough } = require('stream');
const { AsyncLocalStorage } = require('async_hooks');
const argv = {}; for (let i = 2; i < process.argv.length; i += 2) argv[process.argv[i].replace(/^--/, '')] = process.argv[i + 1];
const U = +(argv.units || 2000), OUT = argv.out || '.', PREFIX = argv.prefix || 'snap', ROUNDS = +(argv.rounds || 2);
fs.mkdirSync(OUT, { recursive: true });
let seed = 42; const rnd = () => (seed = (seed * 1103515245 + 12345) & 0x7fffffff) / 0x7fffffff;
const hex = n => { let s = ''; for (let i = 0; i < n; i++) s += (rnd() * 16 | 0).toString(16); return s; };
const flat = s => Buffer.from(s, 'latin1').toString('latin1'); // separate flat instance

class Multiaddr { constructor(h, p) { this.host = h; this.port = p; this.bytes = new Uint8Array(8); } }
class PeerScore { constructor() { this.value = rnd() * 100; this.history = [rnd(), rnd(), rnd()]; this.tags = new Set(['head', 'attnet' + (rnd() * 64 | 0)]); } }
let uidN = 0;
class PeerBase { constructor(i) { this.id = '16Uiu2HA' + hex(20) + (argv.uid ? '-' + uidN++ : ''); this.seq = i; this.addr = new Multiaddr('10.0.' + (i & 255) + '.' + (i >> 8 & 255), 9000 + i % 100); this.score = new PeerScore(); this.connectedAt = new Date(1.7e12 + i); this.meta = { client: 'lodestar', version: 'v1.' + i % 30, protocols: ['/eth2/status', '/eth2/ping'] }; } }
class StablePeer extends PeerBase {}
class LeakedPeer extends PeerBase {}
class PeerSession { constructor(peer) { this.peer = peer; this.sent = 0; this.recv = 0; this.state = { phase: 'open', retries: 0, err: null }; this.queue = []; } onBlock(b) { this.recv += b; } }
class RequestTimer { constructor(s) { this.session = s; this.fired = 0; } tick() { this.fired++; } }
class PendingRequest { constructor(i, peer) { this.reqId = i; this.peer = peer; this.method = 'blocksByRange'; this.started = process.hrtime.bigint(); this.payload = i % 8 === 0 ? Buffer.alloc(4096, i) : null; } }
class RecordRow { constructor(i) { this.id = i; this.root = hex(16); this.slot = i * 32; this.parent = null; this.weights = [i, i + 1, i + 2, i + 3]; this.balance = i + 0.5; this.flags = i % 2 ? { timely: true, source: 1 } : { slashed: false, exit: null, reason: 'r' + i % 7 }; } }
class TreeNode { constructor(l, r) { this.left = l; this.right = r; this.h0 = rnd() * 1e9 | 0; this.h1 = rnd() * 1e9 | 0; this._root = null; } }
class ChurnedTask { constructor(i, round) { this.i = i; this.round = round; this.data = { a: i, b: [round] }; } }
class Lru { constructor(n) { this.n = n; this.m = new Map(); } set(k, v) { this.m.set(k, v); if (this.m.size > this.n) this.m.delete(this.m.keys().next().value); } }
function tree(d) { return d === 0 ? new TreeNode(null, null) : new TreeNode(tree(d - 1), tree(d - 1)); }

const app = globalThis.app = { registry: { peers: new Map(), byAddr: {} }, bus: new EventEmitter(), pending: new Map(), responseCache: {}, auditLog: [], records: [], state: null, lru: new Lru(Math.ceil(U / 4)), churn: [], streams: [], timers: [], weak: new WeakMap(), weakRefs: [], als: new AsyncLocalStorage(), syms: [], regs: [] };
app.bus.setMaxListeners(0);
const truth = { node: process.version, v8: process.versions.v8, units: U, snapshots: {} };
const cnt = { LeakedPeer: 0, leakedListeners: 0, RequestTimer: 0, PendingRequest: 0, leakedCacheEntries: 0, auditStrings: 0, weakValues: 0, PeerSession: 0, StablePeer: 0, RecordRow: 0, TreeNode: 0, ChurnedTask: 0 };

function base() {
  for (let i = 0; i < U; i++) {
    const p = new StablePeer(i); app.registry.peers.set(p.id, p); app.registry.byAddr[p.addr.host + ':' + i] = p; cnt.StablePeer++;
    for (let k = 0; k < 8; k++) { app.records.push(new RecordRow(i * 8 + k)); cnt.RecordRow++; }
    if (i) app.records[i].parent = app.records[i - 1];
    app.lru.set('k' + i, { v: i, t: flat('v' + hex(8)) });
    if (i % 64 === 0) { const s = new PassThrough(); s.on('data', () => p.seq++); app.streams.push(s); app.syms.push(Symbol('s' + i)); app.regs.push(new RegExp('^a' + i + '$')); app.weakRefs.push(new WeakRef(p)); }
    if (i % 512 === 0) (async () => { const held = { i, note: 'awaiting' }; await new Promise(() => {}); return held; })();
    if (i % 512 === 1) { const g = (function* () { yield p; yield 2; })(); g.next(); app.syms.push(g); }
  }
  const d = Math.max(4, Math.floor(Math.log2(U * 4))); app.state = tree(d); cnt.TreeNode = 2 ** (d + 1) - 1;
}
function churn(round) { app.churn = []; for (let i = 0; i < U; i++) app.churn.push(new ChurnedTask(i, round)); cnt.ChurnedTask = U; }
function leak(round) {
  const L = Math.ceil(U * 0.25);
  for (let j = 0; j < L; j++) {
    const i = round * 1e6 + j, p = new LeakedPeer(i); app.registry.peers.set(p.id, p); cnt.LeakedPeer++;
    const session = new PeerSession(p); cnt.PeerSession++;
    const bufferedBlocks = [i, i + 1]; app.bus.on('block', function onBlockForSession(b) { session.onBlock(b + bufferedBlocks.length); }); cnt.leakedListeners++;
    if (j % 4 === 0) { const rt = new RequestTimer(session); const h = setInterval(() => rt.tick(), 3600e3); h.unref(); cnt.RequestTimer++; }
    const pr = new PendingRequest(i, p); pr.promise = new Promise((res, rej) => { pr.resolve = v => res(v); pr.reject = rej; }).then(v => session.onBlock(v)); app.pending.set(i, pr); cnt.PendingRequest++;
    if (j % 2 === 0) { app.responseCache['GET /api/v1/peers/' + p.id + '?slot=' + i] = { status: 200, headers: { 'content-type': 'application/json', etag: hex(12) }, body: '{"peer":"' + p.id + '","slot":' + i + ',"data":"' + hex(24) + '"}' }; cnt.leakedCacheEntries++;
      app.weak.set(p, { note: 'weak-value', arr: [i, i, i] }); cnt.weakValues++; }
    app.auditLog.push(flat('disconnect: timeout after 30000ms while waiting for goodbye from peer; reason=' + (j % 5))); cnt.auditStrings++;
  }
}
function snap(n) {
  const f = path.join(OUT, PREFIX + '-T' + n + '.heapsnapshot');
  truth.snapshots['T' + n] = { ...cnt }; const t = process.hrtime.bigint();
  if (!argv.only || argv.only.split(',').includes('T' + n)) v8.writeHeapSnapshot(f, argv.numeric ? { exposeNumericValues: true, exposeInternals: argv.numeric === '2' } : undefined);
  const st = fs.existsSync(f) ? fs.statSync(f).size : 0;
  truth.snapshots['T' + n].bytes = st; truth.snapshots['T' + n].heapUsed = process.memoryUsage().heapUsed; truth.snapshots['T' + n].writeMs = Number((process.hrtime.bigint() - t) / 1000000n);
  console.log(f, (st / 1e6).toFixed(1) + ' MB', truth.snapshots['T' + n].writeMs + ' ms');
}
(async () => {
  base(); churn(0); await null; snap(0);
  for (let r = 1; r <= ROUNDS; r++) { leak(r); churn(r); await null; snap(r); }
  fs.writeFileSync(path.join(OUT, PREFIX + '-truth.json'), JSON.stringify(truth, null, 1)); process.exit(0);
})();
