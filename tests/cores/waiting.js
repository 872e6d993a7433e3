'use strict';
// What waits: errors whose stack nobody has read, generators and async functions in the middle of their code. Of each error there are
// two from the same place; one tells the stack, the other is left for whoever reads the core.
const { Session } = require('inspector');
const zlib = require('zlib');
const { write, prepare, hold, lineOf } = require('./hold.js');

class Unread { constructor(label, error) { this.label = label; this.error = error; } }
class Outage extends RangeError { constructor(message, options) { super(message, options); this.name = 'Outage'; } }
const truth = { program: 'waiting', node: process.version, errors: {}, generators: {}, asyncs: {} };
const unread = [];

// MAKE is called twice from one place.
function pair(label, make) {
  const made = [];
  for (let i = 0; i < 2; i++) made.push(make());
  unread.push(new Unread(label, made[0]));
  truth.errors[label] = made[1].stack;
}
async function pairLater(label, make) {
  const made = [];
  for (let i = 0; i < 2; i++) made.push(await make());
  unread.push(new Unread(label, made[0]));
  truth.errors[label] = made[1].stack;
}

class Depot {
  constructor(fail) { if (fail) this.kept = new Error('in a constructor'); }
  check() { return new Outage('in a method', { cause: new Error('deeper') }); }
  static open() { return new TypeError('in a static method'); }
  get size() { return new Error('in a getter'); }
  *items() { yield new Error('in a generator'); }
}
class Branch extends Depot { check() { return super.check(); } }
const table = { renamed: function original() { return new Error('under another name'); }, 'with space': () => new Error('odd name') };

pair('plain', () => new Error('plain'));
pair('no message', () => new Error());
pair('method', () => new Branch().check());
pair('static', () => Depot.open());
pair('constructor', () => new Depot(true).kept);
pair('getter', () => new Depot().size);
pair('generator', () => new Depot().items().next().value);
pair('alias', () => table.renamed());
pair('odd name', () => table['with space']());
pair('builtin', () => [1].map(function mapped() { return new Error('in a callback'); })[0]);
pair('sort', () => { let e; [2, 1].sort(() => { e = new Error('while sorting'); return 0; }); return e; });
pair('replace', () => { let e; 'x'.replace(/x/, () => { e = new Error('while replacing'); }); return e; });
pair('eval', () => eval('(function inEval() { return new Error("in eval"); })()'));
pair('function constructor', () => new Function('return new Error("made of text")')());
pair('bound', () => (function bound() { return new Error('bound'); }).bind({ a: 1 })());
pair('primitive receiver', () => (function onNumber() { return new Error('on a number'); }).call(5));
pair('null receiver', () => (function onNothing() { return new Error('on nothing'); }).call(null));
pair('thrown by V8', () => { try { null.x; } catch (e) { return e; } });
pair('thrown by Node', () => { try { Buffer.alloc('x'); } catch (e) { return e; } });
pair('symbol method', () => ({ [Symbol('run')]() { return new Error('by symbol'); } })[Object.getOwnPropertySymbols({})[0]] ? 0 : Object.values([new Error('in a literal')])[0]);
pair('captured', () => { const o = { name: 'Captured', message: 'by hand' }; Error.captureStackTrace(o); return o; });
pair('changed message', () => { const e = new Error('before'); e.message = 'after'; return e; });
pair('json', () => { try { JSON.parse('{'); } catch (e) { return e; } });
pair('deep', () => (function down(n) { return n ? down(n - 1) : new Error('deep'); })(30));
pair('reflect', () => Reflect.construct(Depot, [true]).kept);

// From code of every tier: by the time these errors are made, the functions have been optimized.
function inner(fail, n) { return fail ? new Error('optimized') : n * 2; }
function hot(fail, n) { let sum = 0; for (let i = 0; i < n; i++) sum += Number(inner(fail && i === n - 1, i).message ? 1 : 0); return inner(fail, n); }
for (let i = 0; i < 3000; i++) hot(false, 200);
pair('optimized', () => hot(true, 3));
pair('optimized inside', () => { let e; function looping(n) { for (let i = 0; i < n; i++) { const r = inner(i === n - 1, i); if (r.message) e = r; } } looping(300000); return e; });

// Generators: V8's inspector says where each is.
const generators = {
  counter: (function* counter(from) { const kept = { from }; while (true) { yield kept; } })(5),
  twice: (function* twice() { yield 1; const second = yield 2; return second; })(),
  delegating: (function* outer() { yield* (function* inner() { yield 'inner'; })(); })(),
  fresh: (function* fresh() { yield 0; })(),
  handling: (function* handling() { try { yield 'tried'; } finally { /* nothing */ } })(),
};
generators.counter.next(); generators.counter.next();
generators.twice.next(); generators.twice.next();
generators.delegating.next(); generators.handling.next();
globalThis.generators = generators;
const session = new Session();
session.connect();
session.post('Runtime.evaluate', { expression: 'generators' }, (_, { result }) => session.post('Runtime.getProperties', { objectId: result.objectId, ownProperties: true }, (_, { result: all }) => {
  for (const { name, value } of all.filter((p) => p.value?.objectId && p.name !== '__proto__')) {
    session.post('Runtime.getProperties', { objectId: value.objectId, ownProperties: true }, (_, { internalProperties }) => {
      const place = internalProperties.find((p) => p.name === '[[GeneratorLocation]]')?.value.value;
      if (place) truth.generators[name] = { line: place.lineNumber + 1, column: place.columnNumber + 1 };
    });
  }
}));
session.disconnect();

// Node's own objects behind a stream.
globalThis.deflate = zlib.createDeflate();

const never = new Promise(() => {});
globalThis.waiting = [
  (async function orderFlow(order) { const basket = { order }; await never; return basket; })(1), // MARK orderFlow
  (async function outerFlow() {
    return await innerFlow(); // MARK outerFlow
  })(),
  (async () => { for await (const x of [never]) return x; })(),
];
async function innerFlow() {
  await null;
  await never; // MARK innerFlow
}
for (const name of ['orderFlow', 'outerFlow', 'innerFlow']) truth.asyncs[name] = lineOf(__filename, `// MARK ${name}`);

async function failing() { await null; return new Error('after an await'); }
async function callsFailing() { return await failing(); }
(async function main() {
  await pairLater('async', callsFailing);
  await pairLater('promise all', async () => (await Promise.all([1, failing()]))[1]);
  await pairLater('promise any', async () => await Promise.any([failing()]));
  await pairLater('async arrow', async () => { await null; return new Error('in an arrow'); });
  globalThis.unread = unread;
  const prepared = prepare();
  setTimeout(() => hold(prepared, () => write('truth.json', JSON.stringify(truth))), 20);
})();
