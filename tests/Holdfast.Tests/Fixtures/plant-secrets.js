'use strict';
// Reads secrets, a line each, keeps them in every place a program keeps data in, and writes a snapshot of itself to the file given,
// or ends with a core where that is `core`.
const secrets = require('fs').readFileSync(0, 'utf8').trim().split('\n');
const next = () => secrets.shift();
const key = secrets.pop();
const held = globalThis.held = {};
const flat = (text) => Buffer.from(text).toString();

held.value = flat(next());
held.map = new Map([[flat(next()), flat(next())]]);
held.set = new Set([flat(next())]);
held.joined = next() + 'x'.repeat(20);
held.slice = (' '.repeat(20) + next() + ' '.repeat(20)).slice(10, 70);
held.error = new Error(next());
held.template = new Function('a', 'return `' + next() + ' ${a}`');
held.template(1);
held.literal = (0, eval)('(function () { return "' + next() + '"; })');
held.literal();
held.pattern = new RegExp(next());
held.wide = flat(next() + '\u4e2d\u6587');
held.wrapped = Object(flat(next()));
held.symbolic = { [Symbol.toPrimitive]: flat(next()) };
held.array = [flat(next())];
held.weak = new WeakMap([[held.map, flat(next())]]);
held.bound = ((a) => a).bind(null, flat(next()));
const closedOver = flat(next());
held.closure = () => closedOver;
held.promise = Promise.resolve(flat(next()));
held.json = JSON.parse(`{"a": ["${next()}"]}`);
held.buffered = Buffer.from(next());
held.external = Buffer.alloc(2_000_000, next()).toString('latin1');
held.externalWide = Buffer.alloc(3_000_000, Buffer.from(next(), 'utf16le')).toString('utf16le');
held.large = Buffer.alloc(100_000, next());
held.floats = new Float64Array(new Uint8Array(Buffer.from(next().padEnd(80))).buffer);
held.doubles = Array.from(held.floats);
held.generator = (function* (text) { yield text; })(flat(next()));
held.generator.next();
process.env.HELD = next();
process.title = next();
class Token {
  #hidden;
  constructor(text) { this.#hidden = text; }
}
held.token = new Token(flat(next()));

async function end() {
  const named = await import('data:text/javascript,export const inUrl = "' + next() + '"; export function f() {}');
  held.named = named;
  held.dictionary = {};
  for (let i = 0; i < 100; i++) held.dictionary['entry ' + i] = i;
  held.dictionary[flat(key)] = held.token;
  held.few = {};
  held.few[flat(key)] = held.token;
  if (secrets.length) throw new Error(`${secrets.length} secrets are left over`);
  if (process.argv[2] === 'core') return process.abort();
  require('v8').writeHeapSnapshot(process.argv[2]);
}

end();
