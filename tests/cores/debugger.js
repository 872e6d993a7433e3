'use strict';
// What a debugger should say of a process: every property of many objects, handles, requests, waiting work, modules, the environment.
const net = require('net');
const http = require('http');
const dgram = require('dgram');
const fs = require('fs');
const dns = require('dns');
const path = require('path');
const { types } = require('util');
const { spawn } = require('child_process');
const { EventEmitter } = require('events');
const { write, prepare, hold } = require('./hold.js');

const MOST = 6000;
const UNTOLD = new Set(['stack', 'arguments', 'caller']);

class Account {
  #balance = 12.5;
  constructor(id) { this.id = id; this.owner = { name: `owner ${id}`, tags: ['a', id, id / 4, null, undefined, true] }; }
  get balance() { return this.#balance; }
}
class Savings extends Account { rate = 0.015; history = new Map([[1, { at: new Date(86400000) }], ['two', Symbol('second')]]); }
class ProbeRoot { constructor(all) { this.all = all; } }

function build() {
  const dictionary = {};
  for (let i = 0; i < 700; i++) dictionary[`key-${i}`] = i % 3 ? i * 1.5 : { i };
  for (let i = 0; i < 700; i += 7) delete dictionary[`key-${i}`];
  const holey = [1, , 'three', { four: 4 }]; holey[9] = 10n ** 30n; holey.note = 'named';
  const sparse = []; sparse[5] = 'five'; sparse[30000000] = { far: 1 };
  const cycle = { name: 'cycle' }; cycle.self = cycle;
  const emitter = new EventEmitter().on('data', function onData() {}).on('data', () => {});
  const wide = {}; for (let i = 0; i < 120; i++) wide[`w${i}`] = [i, -i, i / 3, String(i)][i % 4];
  return {
    accounts: Array.from({ length: 200 }, (_, i) => (i % 2 ? new Account(i) : new Savings(i))),
    dictionary, holey, sparse, cycle, emitter, wide,
    numbers: [0, -0, 1, -1, 0.1, 1e21, 1e-7, 123456789012345680000, 5e-324, 1.7976931348623157e308, NaN, Infinity, -Infinity, 2 ** 31, -(2 ** 31), 2 ** 53],
    doubles: [1.5, 2.25, , -0.125], bigints: [0n, -1n, 2n ** 64n, -(10n ** 25n)],
    texts: ['', 'é', '日本語', '\u{1F600}', 'quote " back \\ line\n', 'x'.repeat(50) + process.pid, 'abc'.repeat(100).slice(3, 250)],
    sets: new Set([1, 'two', { three: 3 }, [4]]), weak: new WeakMap([[cycle, 1]]),
    date: new Date(1234567890123), invalid: new Date(NaN), pattern: /a(b+)/giy, error: new RangeError('out of range', { cause: { code: 7 } }),
    functions: [function named(a, b) {}, (x) => x, class Local { static kept = { s: 1 }; }, async function waits() {}, function* makes() {}, named.bind(null, 1)],
    boxed: [new String('boxed'), new Number(4.5), new Boolean(false)], bytes: [new Uint8Array([1, 2, 250]), new Float64Array([0.5, -1]), Buffer.from('bytes'), new ArrayBuffer(16)],
    accessors: { get both() { return 1; }, set both(v) {}, get only() { return 2; }, plain: 3 }, frozen: Object.freeze({ deep: Object.freeze([1, 'b']) }),
    bare: Object.assign(Object.create(null), { z: 1, a: 2 }), [Symbol('by symbol')]: { s: 1 }, promise: Promise.resolve(3), proxy: new Proxy({}, {}),
    builtins: { Array, Object, Map, Promise, Buffer, RegExp, Error, EventEmitter, net, fs, JSON, Math },
    cache: require.cache, http: { ...http, globalAgent: http.globalAgent }, versions: process.versions, release: process.release,
  };
  function named(a) { return a; }
}

// How a value is told: what both sides can say of it without running code.
function tell(value) {
  switch (typeof value) {
    case 'number': return Object.is(value, -0) ? '-0' : String(value);
    case 'string': return `${value.length}:${value.slice(0, 100)}`;
    case 'bigint': return `${value}n`;
    case 'symbol': return `Symbol(${value.description ?? ''})`;
    case 'function': return 'function';
    case 'object': break;
    default: return String(value);
  }
  if (value === null) return 'null';
  if (types.isProxy(value)) return 'proxy';
  if (Array.isArray(value)) return `array ${value.length}`;
  if (types.isMap(value)) return `map ${value.size}`;
  if (types.isSet(value)) return `set ${value.size}`;
  if (types.isDate(value)) return `date ${Number(value)}`;
  if (types.isRegExp(value)) return `regexp ${value}`;
  if (types.isTypedArray(value)) return `typedarray ${value.length}`;
  if (types.isAnyArrayBuffer(value)) return `arraybuffer ${value.byteLength}`;
  if (types.isPromise(value)) return 'promise';
  if (types.isBoxedPrimitive(value)) return `boxed ${String(value.valueOf())}`;
  if (types.isWeakMap(value)) return 'weakmap';
  if (types.isNativeError(value)) return `error ${value.message}`;
  return 'object';
}
const nameOf = (key) => (typeof key === 'symbol' ? `[Symbol(${key.description ?? ''})]` : key);

// Every own property of every object from ROOT, breadth first in the order of names: [path, {name: told}].
function walk(root) {
  const seen = new Map([[root, 'root']]);
  const queue = [root], told = [];
  for (const object of queue) {
    if (told.length === MOST) break;
    const at = seen.get(object), properties = Object.create(null), next = [];
    const follow = (name, value) => { if ((typeof value === 'object' && value !== null) || typeof value === 'function') next.push([name, value]); };
    if (!types.isProxy(object) && !types.isTypedArray(object) && !types.isBoxedPrimitive(object)) {
      for (const key of Reflect.ownKeys(object)) {
        if (UNTOLD.has(key)) continue;
        const { value, get, set } = Object.getOwnPropertyDescriptor(object, key), name = nameOf(key);
        if (get || set) { properties[name] = get && set ? '[Getter/Setter]' : get ? '[Getter]' : '[Setter]'; continue; }
        properties[name] = tell(value);
        follow(name, value);
      }
    }
    if (types.isMap(object) || types.isSet(object)) {
      let i = 0;
      for (const entry of types.isMap(object) ? Map.prototype.entries.call(object) : Set.prototype.values.call(object)) {
        const [key, value] = types.isMap(object) ? entry : [undefined, entry];
        if (types.isMap(object)) { properties[`<key ${i}>`] = tell(key); follow(`<key ${i}>`, key); }
        properties[`<value ${i}>`] = tell(value);
        follow(`<value ${i}>`, value);
        i++;
      }
    }
    told.push([at, properties]);
    next.sort(([a], [b]) => (a < b ? -1 : a > b ? 1 : 0));
    for (const [name, value] of next) {
      if (seen.has(value)) continue;
      seen.set(value, `${at}/${name}`);
      queue.push(value);
    }
  }
  return told;
}

globalThis.probe = new ProbeRoot(build());
const server = http.createServer(function onRequest() {});
server.listen(0, '127.0.0.1', () => {
  const client = net.connect(server.address().port, '127.0.0.1', () => {
    void client.remoteAddress; void client.localAddress;
    const child = spawn('cat');
    const udp = dgram.createSocket('udp4').bind(0, '127.0.0.1', () => setTimeout(freeze, 300));
    const watcher = fs.watch(process.cwd(), function onWatch() {});
    const later = setTimeout(function later() {}, 1e8), every = setInterval(function every() {}, 5e7);
    every.unref();
    function freeze() {
      const prepared = prepare();
      Promise.resolve(1).then(function waitingMicrotask() {});
      process.nextTick(function waitingTick() {});
      setImmediate(function waitingImmediate() {});
      dns.lookup('localhost', function looked() {});
      fs.readFile(__filename, function readDone() {});
      const requests = process._getActiveRequests().map((r) => r.constructor.name).sort();
      const handles = process._getActiveHandles().map((h) => h.constructor.name).sort();
      const truth = {
        program: 'debugger', node: process.version, v8: process.versions.v8, pid: process.pid, cwd: process.cwd(), exec_path: process.execPath, argv: process.argv, uptime: process.uptime(),
        environment: process.env, handles, requests, timers: ['later', 'every'], modules: Object.keys(require.cache),
        server: server.address().port, client: { local: client.localPort, remote: client.remotePort }, child: child.pid,
        work: { microtask: 'waitingMicrotask', next_tick: 'waitingTick', immediate: 'waitingImmediate' },
      };
      truth.objects = walk(globalThis.probe);
      hold(prepared, (stack) => write('truth.json', JSON.stringify({ ...truth, stack })));
      void [udp, watcher, later, child];
    }
  });
});
