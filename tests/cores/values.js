// One of every kind of JavaScript value, each in an Exhibit with a label that truth.json tells about. Sloppy mode, for `with`.
const { MessageChannel } = require('worker_threads');
const { AsyncLocalStorage, AsyncResource } = require('async_hooks');
const { EventEmitter } = require('events');
const { PerformanceObserver, performance } = require('perf_hooks');
const stream = require('stream');
const http = require('http');
const vm = require('vm');
const v8 = require('v8');
const fs = require('fs');
const path = require('path');
const { write, prepare, hold } = require('./hold.js');

const truth = { program: 'values', node: process.version, v8: process.versions.v8, classes: {}, exhibits: {}, functions: {}, stack: [] };

class Exhibit {
  constructor(label, value) { this.label = label; this.value = value; }
}
const exhibits = [];
// Shows a value; TOLD is what a reader should say about it.
function show(label, value, told = {}) {
  const [flat] = Object.keys({ [label]: 1 });
  exhibits.push(new Exhibit(flat, value));
  truth.exhibits[label] = told;
  return value;
}
// Makes COUNT instances and notes the count under NAME.
function many(name, count, make) {
  truth.classes[name] = (truth.classes[name] || 0) + count;
  return show(`many ${name}`, Array.from({ length: count }, (_, i) => make(i)), { kind: 'array', length: count });
}

// ---- Classes ---------------------------------------------------------------------------------------------------------------
const inventory = Symbol('inventory');
class Vehicle {
  static made = 0;
  static registry = new Map();
  static { this.park = { name: 'depot' }; }
  static #secret = ['not', 'visible'];
  #plate = null;
  #load = 0.5;
  wheels = 4;
  constructor(number) { this.#plate = `HF-${number}`; this.number = number; Vehicle.made++; }
  #weigh() { return this.#load * 2; }
  get plate() { return this.#plate; }
  set plate(value) { this.#plate = value; }
  get [inventory]() { return [this.#weigh(), Vehicle.#secret]; }
  static of(n) { return new this(n); }
  *[Symbol.iterator]() { yield this.#plate; }
  async start() { return this; }
}
class Lorry extends Vehicle {
  #axles = [1, 2, 3];
  get axles() { return this.#axles; }
  constructor(number) { super(number); this.tons = number + 0.25; this.driver = { name: `driver ${number % 7}` }; }
}
class Articulated extends Lorry {
  wheels = 12;
  trailer = null;
}
class Registry extends Map { tag = 'registry'; }
class Roster extends Array { note = 'roster'; }
class Outage extends Error { constructor(message, options) { super(message, options); this.name = 'Outage'; this.code = 'E_OUT'; } }
class Late extends Promise {}
class Tagged { get [Symbol.toStringTag]() { return 'TagSaysThis'; } }
class Plain { static toString() { return 'plain'; } }
function Ledger(page) { this.page = page; this.lines = [page, page + 1]; }
Ledger.prototype.total = function total() { return this.lines.length; };
function Journal(page) { Ledger.call(this, page); this.kept = true; }
Journal.prototype = Object.create(Ledger.prototype, { constructor: { value: Journal, writable: true, configurable: true } });
const Nameless = class { constructor(i) { this.i = i; } };
const makers = { [Symbol('made by')]: class { constructor() { this.x = 1; } } };

many('Vehicle', 300, (i) => new Vehicle(i));
many('Lorry', 1700, (i) => new Lorry(i));
many('Articulated', 450, (i) => new Articulated(i));
many('Ledger', 1234, (i) => new Ledger(i));
many('Journal', 321, (i) => new Journal(i));
many('Nameless', 42, (i) => new Nameless(i));
many('Tagged', 33, () => new Tagged());
many('Plain', 21, () => new Plain());
many('Registry', 7, (i) => new Registry([[`r${i}`, { i }]]));
many('Roster', 8, (i) => Roster.from([i, { i }, `q${i}`]));
many('Outage', 9, (i) => new Outage(`down ${i}`, { cause: new RangeError(`cause ${i}`) }));
truth.classes.Outage += 6; // caught, refused, inner, two, aborted, and the one below
many('Late', 5, (i) => Late.resolve({ i }));
show('class by symbol', new (Object.getOwnPropertySymbols(makers).map((s) => makers[s])[0])(), { kind: 'object' });
show('class itself', Lorry, { kind: 'class', name: 'Lorry' });
show('anonymous class', class {}, { kind: 'class', name: '' });
show('symbol getter', Vehicle.prototype, { kind: 'object' });

// ---- Objects ---------------------------------------------------------------------------------------------------------------
const bare = Object.create(null);
bare.first = 1; bare.second = { of: 'bare' };
show('null prototype', bare, { kind: 'object', properties: ['first', 'second'] });
const wide = {};
for (let i = 0; i < 90; i++) wide[`w${i}`] = i % 3 ? i : { w: i };
show('many properties', wide, { kind: 'object', property_count: 90 });
const dictionary = {};
for (let i = 0; i < 1500; i++) dictionary[`key-${i}`] = { d: i };
for (let i = 0; i < 1500; i += 100) delete dictionary[`key-${i}`];
show('dictionary', dictionary, { kind: 'object', property_count: 1485 });
const shrunk = { a: 1, b: { two: 2 }, c: 'three', d: 4.5 };
delete shrunk.b;
show('deleted in the middle', shrunk, { kind: 'object', properties: ['a', 'c', 'd'] });
const popped = { a: 1, b: 2, c: { three: 3 } };
delete popped.c;
show('deleted at the end', popped, { kind: 'object', properties: ['a', 'b'] });
show('frozen', Object.freeze({ deep: { fro: 'zen' }, list: [1, 2] }), { kind: 'object', properties: ['deep', 'list'] });
show('sealed', Object.seal({ s: 1, t: { u: 2 } }), { kind: 'object', properties: ['s', 't'] });
show('not extensible', Object.preventExtensions({ n: [] }), { kind: 'object', properties: ['n'] });
show('frozen array', Object.freeze([1, { two: 2 }, 'three']), { kind: 'array', length: 3 });
show('accessors', { get got() { return 1; }, set got(v) {}, get only() { return 2; }, set write(v) {}, plain: { p: 1 } }, { kind: 'object', properties: ['got', 'only', 'write', 'plain'] });
show('symbol keys', { [Symbol('own')]: { a: 1 }, [Symbol.for('holdfast.shared')]: 'registered', [Symbol.toPrimitive]() { return 7; } }, { kind: 'object' });
const shapes = { integer: 1 };
shapes.double = 2.5; shapes.negative = -7; shapes.object = { n: 1 }; shapes.text = 'text'; shapes[0] = 'element 0'; shapes[7] = { seven: 7 };
shapes.yes = true; shapes.no = false; shapes.nil = null; shapes.undef = undefined; shapes.nan = NaN; shapes.inf = -Infinity; shapes.minusZero = -0; shapes.big = 2 ** 40; shapes.symbol = Symbol('in shapes');
show('every field kind', shapes, { kind: 'object', values: { integer: 1, double: 2.5, negative: -7, text: 'text', yes: true, no: false, nil: null, big: 1099511627776 }, elements: { 0: 'element 0' } });
const cycle = { name: 'cycle' }; cycle.self = cycle; cycle.pair = [cycle, cycle];
show('cycle', cycle, { kind: 'object', properties: ['name', 'self', 'pair'] });
show('global this', globalThis, { kind: 'global' });
show('object with getter on prototype', Object.create({ get up() { return 1; }, kept: { k: 1 } }), { kind: 'object' });
globalThis.plantedGlobal = { planted: true };
var sloppyVar = { at: 'module level' };

// ---- Arrays ----------------------------------------------------------------------------------------------------------------
show('smi array', [1, 2, 3, -4], { kind: 'array', length: 4, elements: [1, 2, 3, -4] });
show('double array', [1.5, 2.5, -0.25], { kind: 'array', length: 3, elements: [1.5, 2.5, -0.25] });
show('object array', [{ a: 1 }, 'b', null, undefined, true], { kind: 'array', length: 5 });
show('holey array', [1, , { h: 3 }], { kind: 'array', length: 3 });
show('holey double array', [1.5, , 3.5], { kind: 'array', length: 3, elements: [1.5, null, 3.5] });
const sparse = []; sparse[3] = 'three'; sparse[40000000] = { far: true };
show('dictionary array', sparse, { kind: 'array', length: 40000001 });
const defined = [1, 2, 3]; Object.defineProperty(defined, 1, { get() { return 'computed'; } });
show('array with accessor element', defined, { kind: 'array', length: 3 });
function literal() { return [10, 20, 30, 40]; }
show('copy-on-write 1', literal(), { kind: 'array', length: 4, elements: [10, 20, 30, 40] });
show('copy-on-write 2', literal(), { kind: 'array', length: 4, elements: [10, 20, 30, 40] });
const grown = []; for (let i = 0; i < 1000; i++) grown.push({ i });
show('grown array', grown, { kind: 'array', length: 1000 });
const cut = Array.from({ length: 500 }, (_, i) => ({ cut: i })); cut.length = 20; cut.shift();
show('cut array', cut, { kind: 'array', length: 19 });
show('large doubles', Array.from({ length: 30000 }, (_, i) => i + 0.125), { kind: 'array', length: 30000 });
show('large object array', new Array(60000).fill(bare), { kind: 'array', length: 60000 });
show('empty array', [], { kind: 'array', length: 0 });
const named = [1]; named.label = 'array with a name'; named[-1] = 'minus one';
show('array with properties', named, { kind: 'array', length: 1, properties: ['label', '-1'] });
show('template objects', ((strings) => strings)`raw ${1} \n template`, { kind: 'array', length: 2 });

// ---- Collections -----------------------------------------------------------------------------------------------------------
const map = new Map(); for (let i = 0; i < 3000; i++) map.set(i % 2 ? i : `m${i}`, { m: i });
for (let i = 0; i < 100; i++) map.delete(`m${i * 2}`);
show('map', map, { kind: 'map', size: 2900 });
show('small map', new Map([['text', 1], [1.5, 'double'], [NaN, 'nan'], [null, 'null'], [bare, { by: 'object' }], [undefined, undefined]]), { kind: 'map', size: 6 });
const set = new Set(); for (let i = 0; i < 600; i++) set.add(`s${i}`); set.delete('s5');
show('set', set, { kind: 'set', size: 599 });
show('empty map', new Map(), { kind: 'map', size: 0 });
show('cleared map', (() => { const m = new Map([[1, 2]]); m.clear(); return m; })(), { kind: 'map', size: 0 });
const keys = Array.from({ length: 250 }, (_, i) => ({ weakKey: i }));
const weakMap = new WeakMap(keys.map((k, i) => [k, { weakValue: i }]));
show('weak keys', keys, { kind: 'array', length: 250 });
show('weak map', weakMap, { kind: 'weakmap', size: 250 });
show('weak set', new WeakSet(keys.slice(0, 100)), { kind: 'weakset', size: 100 });
show('weak ref', new WeakRef(keys[3]), { kind: 'weakref' });
(() => show('dead weak ref', new WeakRef({ gone: 1 }), { kind: 'weakref', target: null }))();
const finalized = new FinalizationRegistry(function onGone(held) { return held; });
for (let i = 0; i < 30; i++) finalized.register(keys[i], { heldFor: i }, keys[i]);
show('finalization registry', finalized, { kind: 'finalizationregistry', size: 30 });
const mapIterator = map.entries(); mapIterator.next();
show('map iterator', mapIterator, { kind: 'iterator' });
show('map key iterator', map.keys(), { kind: 'iterator' });
const setIterator = set.values(); setIterator.next(); setIterator.next();
show('set iterator', setIterator, { kind: 'iterator' });
show('array iterator', [7, 8][Symbol.iterator](), { kind: 'iterator' });
show('string iterator', 'iterate'[Symbol.iterator](), { kind: 'iterator' });
show('regexp string iterator', 'a1b2'.matchAll(/\d/g), { kind: 'iterator' });
if (typeof Iterator !== 'undefined') show('iterator helper', [1, 2, 3].values().map(function mapper(x) { return x; }), { kind: 'iterator' });

// ---- Primitives and boxes --------------------------------------------------------------------------------------------------
show('symbol', Symbol('a described symbol'), { kind: 'symbol', description: 'a described symbol' });
show('symbol without description', Symbol(), { kind: 'symbol' });
show('registered symbol', Symbol.for('holdfast.registered'), { kind: 'symbol', description: 'holdfast.registered' });
show('bigint', 123456789012345678901234567890n, { kind: 'bigint', value: '123456789012345678901234567890' });
show('negative bigint', -(2n ** 64n), { kind: 'bigint', value: '-18446744073709551616' });
show('zero bigint', 0n, { kind: 'bigint', value: '0' });
show('large bigint', 7n ** 400n, { kind: 'bigint', value: String(7n ** 400n) });
show('number', 1234.5678, { kind: 'number', value: 1234.5678 });
show('smi', 42, { kind: 'number', value: 42 });
show('smallest smi', -(2 ** 31), { kind: 'number', value: -(2 ** 31) });
show('beyond smi', 2 ** 31, { kind: 'number', value: 2 ** 31 });
show('true', true, { kind: 'boolean', value: true });
show('null', null, { kind: 'null' });
show('undefined', undefined, { kind: 'undefined' });
show('boxed string', new String('boxed text'), { kind: 'boxed', value: 'boxed text' });
show('boxed number', new Number(4.25), { kind: 'boxed', value: 4.25 });
show('boxed boolean', new Boolean(true), { kind: 'boxed', value: true });
show('boxed symbol', Object(Symbol('boxed symbol')), { kind: 'boxed' });
show('boxed bigint', Object(99n), { kind: 'boxed', value: '99' });
show('date', new Date(1234567890123), { kind: 'date', value: 1234567890123 });
show('invalid date', new Date(NaN), { kind: 'date', value: null });
const used = new Date(86400000); used.getHours();
show('used date', used, { kind: 'date', value: 86400000 });
const pattern = /(?<year>\d{4})-(\d\d)/gi; pattern.exec('on 2024-05 and 2025-06');
show('regexp', pattern, { kind: 'regexp', source: '(?<year>\\d{4})-(\\d\\d)', flags: 'gi', last_index: 10 });
show('regexp never run', /never[a-z]+/su, { kind: 'regexp', source: 'never[a-z]+', flags: 'su' });
show('regexp atom', (() => { const r = /atom/; r.test('an atom'); return r; })(), { kind: 'regexp', source: 'atom', flags: '' });
show('regexp match', /(?<a>x+)(y)?/d.exec('wxxz'), { kind: 'array', length: 3, elements: ['xx', 'xx', null] });

// ---- Strings ---------------------------------------------------------------------------------------------------------------
show('one-byte string', ['latin', 'text', 'text', 'text', 'é'].join(' '), { kind: 'string', value: 'latin text text text é' });
show('two-byte string', ['wide', '日本語', 2, '\u{1F600}'].join(' '), { kind: 'string', value: 'wide 日本語 2 \u{1F600}' });
show('empty string', '', { kind: 'string', value: '' });
show('one character', 'z', { kind: 'string', value: 'z' });
const head = `head-${'h'.repeat(40)}`;
show('cons string', head + `tail-${'t'.repeat(40)}-${process.argv.length - process.argv.length}`, { kind: 'string', value: `head-${'h'.repeat(40)}tail-${'t'.repeat(40)}-0` });
let deepCons = ''; for (let i = 0; i < 2000; i++) deepCons += `part ${i};`;
show('deep cons string', deepCons, { kind: 'string', length: Array.from({ length: 2000 }, (_, i) => `part ${i};`).join('').length });
show('two-byte cons', `日本${head}` + `語${head}`, { kind: 'string', value: `日本${head}語${head}` });
const long = Array.from({ length: 200 }, (_, i) => `sentence number ${i}. `).join('');
show('sliced string', long.slice(100, 400), { kind: 'string', value: Array.from({ length: 200 }, (_, i) => `sentence number ${i}. `).join('').slice(100, 400) });
const soonThin = `thin-${'n'.repeat(20)}-${'x'.repeat(5)}`.split('').join(''); const asKey = {}; asKey[soonThin] = 1;
show('thin string', soonThin, { kind: 'string', value: `thin-${'n'.repeat(20)}-xxxxx` });
show('thin string key', asKey, { kind: 'object' });
const latinFile = path.join(process.env.TMPDIR || '/tmp', `holdfast-latin-${process.pid}.txt`), wideFile = path.join(process.env.TMPDIR || '/tmp', `holdfast-wide-${process.pid}.txt`);
fs.writeFileSync(latinFile, Buffer.alloc(1500000, 'external latin text \xe9 ', 'latin1'));
fs.writeFileSync(wideFile, Buffer.alloc(2400000, 'external wide 日本 ', 'utf16le'));
show('external one-byte string', fs.readFileSync(latinFile, 'latin1'), { kind: 'string', length: 1500000, starts: 'external latin text \xe9 external' });
show('external two-byte string', fs.readFileSync(wideFile, 'utf16le'), { kind: 'string', length: 1200000, starts: 'external wide 日本 external' });
fs.unlinkSync(latinFile); fs.unlinkSync(wideFile);
show('large string', 'L'.repeat(400000).split('').join(''), { kind: 'string', length: 400000 });
show('number as key', { 1234567890123: 'array index?', '007': 'bond' }, { kind: 'object' });

// ---- Functions and scopes --------------------------------------------------------------------------------------------------
show('bound function', Ledger.bind({ boundThis: 1 }, { boundArgument: 2 }, 'two'), { kind: 'bound', name: 'bound Ledger' });
show('arrow', (a, b = 2) => a + b, { kind: 'function', name: '' });
show('method', { method(a) { return super.toString; } }.method, { kind: 'function', name: 'method' });
show('async function', async function loader() {}, { kind: 'function', name: 'loader' });
show('generator function', function* series() {}, { kind: 'function', name: 'series' });
show('native function', Array.prototype.push, { kind: 'function', name: 'push' });
show('function with properties', Object.assign(function decorated() {}, { extra: { e: 1 } }), { kind: 'function', name: 'decorated' });
show('renamed function', Object.defineProperty(function before() {}, 'name', { value: 'after' }), { kind: 'function', name: 'after' });
show('new Function', new Function('x', 'y', 'return x + y'), { kind: 'function', name: 'anonymous' });

function letScope() { let counter = 0, secret = { held: 'by let' }; const fixed = 'by const'; var old = [1]; return { bump() { return counter++ + old.length; }, read: () => [secret, fixed] }; }
many('ScopeHolder', 60, () => { class ScopeHolder { constructor() { this.scope = letScope(); } } return new ScopeHolder(); });
const perIteration = []; for (let i = 0; i < 3; i++) perIteration.push(() => i);
show('loop closures', perIteration, { kind: 'array', length: 3, context: { i: [0, 1, 2] } });
try { throw new Outage('caught', { cause: 'text' }); } catch (caught) { show('catch scope', () => caught, { kind: 'function', context: { caught: 'Outage' } }); }
with ({ fromWith: { w: 1 } }) { show('with scope', function inWith() { return fromWith; }, { kind: 'function', name: 'inWith' }); }
(function evalHost(param) { eval('var evalVar = { e: 1 }; show("eval scope", function inEval() { return [evalVar, param]; }, { kind: "function", name: "inEval" });'); })({ p: 1 });
show('named function expression', (function selfNamed() { return () => selfNamed; })(), { kind: 'function' });
show('class scope', (() => { class Inner { static self = () => Inner; } return Inner.self; })(), { kind: 'function' });
show('uninitialised let', (() => { const f = () => later; if (!f.x) return f; let later = 1; })(), { kind: 'function' });
show('argument scope', (function outerArgs(first, second = { dflt: 1 }, ...rest) { return () => [first, second, rest]; })({ first: 1 }, undefined, 3, { rest: 4 }), { kind: 'function' });
show('sloppy arguments', (function (a, b) { return arguments; })({ arg: 1 }, 'two', 3), { kind: 'arguments', length: 3 });
show('aliased arguments', (function (a, b) { a = { changed: 1 }; return [arguments, () => a]; })({ arg: 1 }, 'two'), { kind: 'array', length: 2 });
show('strict arguments', (function () { 'use strict'; return arguments; })(1, { strict: 2 }), { kind: 'arguments', length: 2 });
show('deep context', (() => { const a = { lvl: 1 }; return () => { const b = { lvl: 2 }; return () => { const c = { lvl: 3 }; return () => [a, b, c]; }; }; })()()(), { kind: 'function' });
{ const wideScope = Array.from({ length: 90 }, (_, i) => `v${i}`);
  show('scope of 90 variables', new Function(`${wideScope.map((n, i) => `let ${n} = {n: ${i}};`).join('')} return () => [${wideScope}];`)(), { kind: 'function', context_count: 90 }); }

// ---- Suspended code --------------------------------------------------------------------------------------------------------
const never = new Promise(() => {});
show('pending promise', never, { kind: 'promise', state: 'pending' });
show('fulfilled promise', Promise.resolve({ result: 1 }), { kind: 'promise', state: 'fulfilled' });
const refused = Promise.reject(new Outage('refused')); refused.catch(() => {});
show('rejected promise', refused, { kind: 'promise', state: 'rejected' });
show('promise with reactions', never.then(function whenDone(x) { return x; }, function whenFailed(e) { return e; }), { kind: 'promise', state: 'pending' });
show('promise all', Promise.all([never, 1, refused.catch(() => 2)]), { kind: 'promise', state: 'pending' });
show('promise race', Promise.race([never, never]), { kind: 'promise', state: 'pending' });
let release; show('promise resolve function', (new Promise((resolve) => { release = resolve; }), release), { kind: 'function' });
show('async function waiting', (async function orderFlow(order) { const basket = { items: order }; for (const item of [1]) await never; return basket; })({ order: 7 }), { kind: 'promise', state: 'pending' });
show('nested async', (async function outerFlow() { return await (async function innerFlow() { const deep = { inner: 1 }; await never; return deep; })(); })(), { kind: 'promise', state: 'pending' });
const generator = (function* counterUp(from) { const kept = { from }; while (true) yield kept; })(5); generator.next();
show('suspended generator', generator, { kind: 'generator', name: 'counterUp', state: 'suspended' });
show('fresh generator', (function* untouched() { yield 1; })(), { kind: 'generator', name: 'untouched', state: 'suspended' });
const closed = (function* closedOne() { yield 1; })(); closed.return();
show('closed generator', closed, { kind: 'generator', name: 'closedOne', state: 'closed' });
const feed = (async function* feedFlow() { const chunk = { chunk: 1 }; await never; yield chunk; })(); feed.next();
show('suspended async generator', feed, { kind: 'generator', name: 'feedFlow' });
show('async from sync iterator', (async () => { for await (const x of [never]) return x; })(), { kind: 'promise', state: 'pending' });

// ---- Errors, proxies -------------------------------------------------------------------------------------------------------
show('own error class', new Outage('by itself'), { kind: 'error', name: 'Outage', message: 'by itself' });
show('error', new TypeError('wrong kind'), { kind: 'error', name: 'TypeError', message: 'wrong kind' });
show('error with cause', new Error('outer', { cause: new Outage('inner') }), { kind: 'error', message: 'outer' });
show('aggregate error', new AggregateError([new Error('one'), new Outage('two')], 'several'), { kind: 'error', name: 'AggregateError', message: 'several' });
const read = new SyntaxError('stack read'); void read.stack;
show('error with read stack', read, { kind: 'error', name: 'SyntaxError', message: 'stack read' });
if (typeof DOMException !== 'undefined') show('dom exception', new DOMException('not found', 'NotFoundError'), { kind: 'error' });
show('proxy', new Proxy({ target: 1 }, { get: function trap(t, k) { return t[k]; } }), { kind: 'proxy' });
show('function proxy', new Proxy(function proxied() {}, { apply() {} }), { kind: 'proxy' });
const revocable = Proxy.revocable({ r: 1 }, {}); revocable.revoke();
if (typeof DisposableStack !== 'undefined') show('disposable stack', (() => { const s = new DisposableStack(); s.defer(function onDispose() {}); s.use({ [Symbol.dispose]() {} }); return s; })(), { kind: 'object' });
show('captured stack', (() => { const o = { bare: 1 }; Error.captureStackTrace(o); return o; })(), { kind: 'object', properties: ['bare', 'stack'] });
show('revoked proxy', revocable.proxy, { kind: 'proxy', revoked: true });

// ---- Bytes -----------------------------------------------------------------------------------------------------------------
const kinds = [Int8Array, Uint8Array, Uint8ClampedArray, Int16Array, Uint16Array, Int32Array, Uint32Array, Float32Array, Float64Array, BigInt64Array, BigUint64Array, globalThis.Float16Array].filter(Boolean);
const shared = new ArrayBuffer(4096);
for (const Kind of kinds) {
  const one = (i) => Kind.name.startsWith('Big') ? BigInt(i) : i;
  show(`small ${Kind.name}`, Kind.from([one(1), one(2), one(3)]), { kind: 'typedarray', type: Kind.name, length: 3, elements: [1, 2, 3] });
  show(`large ${Kind.name}`, new Kind(2000).fill(one(7)), { kind: 'typedarray', type: Kind.name, length: 2000, byte_length: 2000 * Kind.BYTES_PER_ELEMENT });
  show(`view ${Kind.name}`, new Kind(shared, 64, 10), { kind: 'typedarray', type: Kind.name, length: 10, byte_offset: 64 });
}
show('array buffer', shared, { kind: 'arraybuffer', byte_length: 4096 });
show('large array buffer', new ArrayBuffer(3 << 20), { kind: 'arraybuffer', byte_length: 3 << 20 });
show('empty array buffer', new ArrayBuffer(0), { kind: 'arraybuffer', byte_length: 0 });
show('data view', new DataView(shared, 8, 100), { kind: 'dataview', byte_offset: 8, byte_length: 100 });
show('shared array buffer', new SharedArrayBuffer(8192), { kind: 'sharedarraybuffer', byte_length: 8192 });
if (ArrayBuffer.prototype.resize) {
  const resizable = new ArrayBuffer(1000, { maxByteLength: 5000 });
  show('resizable array buffer', resizable, { kind: 'arraybuffer', byte_length: 1500, max_byte_length: 5000 });
  show('length-tracking array', new Uint8Array(resizable), { kind: 'typedarray', type: 'Uint8Array', length: 1500 });
  resizable.resize(1500);
  show('growable shared array buffer', new SharedArrayBuffer(100, { maxByteLength: 900 }), { kind: 'sharedarraybuffer', byte_length: 100, max_byte_length: 900 });
}
const moved = new ArrayBuffer(2048); structuredClone(moved, { transfer: [moved] });
show('detached array buffer', moved, { kind: 'arraybuffer', byte_length: 0 });
show('pooled buffer', Buffer.from('a pooled buffer'), { kind: 'buffer', length: 15, text: 'a pooled buffer' });
show('large buffer', Buffer.alloc(120000, 'b'), { kind: 'buffer', length: 120000, starts: 'bbbb' });
show('buffer list', Array.from({ length: 200 }, (_, i) => Buffer.from(`slab ${i}`)), { kind: 'array', length: 200 });
show('slow buffer', Buffer.allocUnsafeSlow(9000).fill('s'), { kind: 'buffer', length: 9000 });
show('sub-buffer', Buffer.alloc(5000, 'parent').subarray(10, 30), { kind: 'buffer', length: 20 });

// ---- What the platform brings ----------------------------------------------------------------------------------------------
show('intl number', new Intl.NumberFormat('de-DE', { style: 'currency', currency: 'EUR' }), { kind: 'intl' });
show('intl date', (() => { const f = new Intl.DateTimeFormat('en', { dateStyle: 'long' }); f.format(0); return f; })(), { kind: 'intl' });
show('intl collator', new Intl.Collator('sv'), { kind: 'intl' });
show('intl plural', new Intl.PluralRules('en'), { kind: 'intl' });
show('intl list', new Intl.ListFormat('en'), { kind: 'intl' });
show('intl relative', new Intl.RelativeTimeFormat('en'), { kind: 'intl' });
show('intl segmenter', [...new Intl.Segmenter('en', { granularity: 'word' }).segment('two words')], { kind: 'array', length: 3 });
show('intl locale', new Intl.Locale('pt-BR'), { kind: 'intl' });
show('intl names', new Intl.DisplayNames('en', { type: 'region' }), { kind: 'intl' });
if (typeof Temporal !== 'undefined') {
  show('temporal instant', Temporal.Instant.fromEpochMilliseconds(1e12), { kind: 'temporal' });
  show('temporal date', Temporal.PlainDate.from('2024-02-29'), { kind: 'temporal' });
  show('temporal zoned', Temporal.ZonedDateTime.from('2024-02-29T12:00[Europe/Berlin]'), { kind: 'temporal' });
  show('temporal duration', Temporal.Duration.from({ hours: 5 }), { kind: 'temporal' });
}
const realm = vm.createContext({ given: { from: 'outside' }, print: console.log }, { name: 'guest realm' });
show('vm context', realm, { kind: 'object' });
show('vm result', new vm.Script('class Guest { constructor(i) { this.i = i; } } var guests = []; for (let i = 0; i < 77; i++) guests.push(new Guest(i)); guests', { filename: 'guest.js' }).runInContext(realm), { kind: 'array', length: 77 });
truth.classes.Guest = 77;
show('vm script', new vm.Script('function scripted() { return { unrun: 1 }; }', { filename: 'unrun.js' }), { kind: 'object' });
show('vm function', vm.compileFunction('return a + 1', ['a'], { filename: 'compiled.js' }), { kind: 'function' });
const store = new AsyncLocalStorage();
store.run({ requestId: 'abc-1' }, () => { show('timer in a store', setTimeout(function neverFires() {}, 1e9), { kind: 'timer' }); });
show('async local storage', store, { kind: 'object' });
class Task extends AsyncResource { constructor(i) { super('Task'); this.i = i; } }
many('Task', 11, (i) => new Task(i));
show('interval', setInterval(function everyDay() {}, 86400000), { kind: 'timer' });
class Bus extends EventEmitter {}
const bus = new Bus().setMaxListeners(50);
for (let i = 0; i < 12; i++) bus.on('tick', function onTick() { return i; });
bus.once('end', function onEnd() {}); bus.on(Symbol('sym event'), () => {});
show('emitter', bus, { kind: 'object', listeners: { tick: 12, end: 1 } });
truth.classes.Bus = 1;
show('readable', new stream.Readable({ read() {} }), { kind: 'object' });
const through = new stream.PassThrough(); through.write('waiting in the stream'); through.write(Buffer.alloc(2000));
show('pass through', through, { kind: 'object' });
show('transform', new stream.Transform({ transform(c, e, done) { done(null, c); } }), { kind: 'object' });
if (typeof ReadableStream !== 'undefined') show('web stream', new ReadableStream({ start(c) { c.enqueue('web chunk'); } }), { kind: 'object' });
const channel = new MessageChannel(); channel.port1.on('message', function onMessage() {}); channel.port2.postMessage({ queued: [1, 2, 3] });
show('message channel', channel, { kind: 'object' });
const aborter = new AbortController(); aborter.signal.addEventListener('abort', function onAbort() {});
show('abort controller', aborter, { kind: 'object' });
show('aborted signal', AbortSignal.abort(new Outage('aborted')), { kind: 'object' });
show('event target', (() => { const t = new EventTarget(); t.addEventListener('x', () => 1); return t; })(), { kind: 'object' });
show('text decoder', new TextDecoder('utf-16le'), { kind: 'object' });
show('text encoder', new TextEncoder(), { kind: 'object' });
show('url', new URL('https://user:pass@example.org:8080/a/b?q=1&r=two#frag'), { kind: 'url', href: 'https://user:pass@example.org:8080/a/b?q=1&r=two#frag' });
show('url params', new URLSearchParams('a=1&b=2&a=3'), { kind: 'object' });
show('blob', new Blob(['blob text', new Uint8Array(100)]), { kind: 'object' });
const observer = new PerformanceObserver(function onEntry() {}); observer.observe({ entryTypes: ['mark', 'measure'] });
performance.mark('planted mark', { detail: { of: 'mark' } });
show('performance observer', observer, { kind: 'object' });
show('structured clone', structuredClone({ m: new Map([[1, { deep: 1 }]]), d: new Date(0) }), { kind: 'object' });
const server = http.createServer(function onRequest(request, response) { request.planted = { open: 'request' }; });
show('http server', server, { kind: 'object' });

// ---- Hot code --------------------------------------------------------------------------------------------------------------
function hotSum(a, b) { return a.number + b; }
function hotPoly(thing) { return thing.a; }
function hotMega(thing) { return thing.x; }
function hotInliner(list) { let total = 0; for (let i = 0; i < list.length; i++) total += hotSum(list[i], i); return total; }
function hotFrame(callee, n) { let sum = n; for (let i = 0; i < 3; i++) sum += i; return callee(sum) + sum; }
const lorries = exhibits.find((e) => e.label === 'many Lorry').value;
const polys = [{ a: 1 }, { b: 1, a: 2 }, { c: 1, a: 3 }, { d: 1, a: 4.5 }];
const megas = Array.from({ length: 20 }, (_, i) => ({ [`m${i}`]: i, x: i }));
const callees = [(n) => n + 1, function plus(n) { return n + 2; }, (n) => -n];
for (let round = 0; round < 300; round++) hotInliner(lorries);
for (let i = 0; i < 600000; i++) { hotPoly(polys[i & 3]); hotMega(megas[i % 20]); hotFrame(callees[i % 3], i & 1023); }
show('hot functions', [hotSum, hotPoly, hotMega, hotInliner, hotFrame], { kind: 'array', length: 5 });
let status = () => null;
try { v8.setFlagsFromString('--allow-natives-syntax'); status = new Function('f', 'return %GetOptimizationStatus(f)'); } catch {}
for (const f of [hotSum, hotPoly, hotMega, hotInliner, hotFrame, literal, Ledger]) truth.functions[f.name] = { optimization_status: status(f) };

// ---- The stack at the dump -------------------------------------------------------------------------------------------------
class Stage {
  #opened = { on: 'stage' };
  constructor(end) { this.end = end; this.act(); }
  act() { const prop = { prop: 'held by a frame' }; [1, 2].forEach((n) => n === 2 && this.scene(prop, n)); return prop; }
  scene(prop, n) { return this.curtain + prop.prop + n; }
  get curtain() { const local = { local: 'in a getter' }; return hotFrame(this.end, 5) + String(local); }
}
truth.classes.Stage = 1;

function tell(stack) {
  truth.stack = stack;
  write('truth.json', JSON.stringify(truth, null, 1));
  for (const key in truth) delete truth[key];
}
async function main() {
  show('module namespace', await import('data:text/javascript,export const answer = {from: "module"}; export default class FromModule {}; export let later; export function set(v) { later = v; }'), { kind: 'module', exports: ['answer', 'default', 'later', 'set'] });
  await new Promise((resolve) => server.listen(0, '127.0.0.1', resolve));
  const request = http.get({ port: server.address().port, host: '127.0.0.1', path: '/never-answered?id=7' });
  request.on('error', () => {});
  await new Promise((resolve) => server.once('request', resolve));
  show('client request', request, { kind: 'object' });
  truth.classes.Exhibit = exhibits.length;
  for (let i = 0; i < 5; i++) await new Promise((resolve) => setTimeout(resolve, 50));
  const prepared = prepare();
  new Stage(function lastAct(sum) {
    const onStack = { only: 'a stack frame holds this' };
    for (const f of [hotFrame, lastAct]) truth.functions[f.name] = { ...truth.functions[f.name], status_on_stack: status(f) };
    return hold(prepared, tell) + sum + onStack.only.length;
  });
}
main();
