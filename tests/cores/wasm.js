'use strict';
// A WebAssembly module (wasm.wat) with memory, tables, a global, imports and exports, and one that Node brings itself (fetch's
// parser). At the dump JavaScript waits inside WebAssembly inside JavaScript. Tickets are held by a WebAssembly table alone.
const { write, prepare, hold } = require('./hold.js');

const bytes = Buffer.from([
  'AGFzbQEAAAABHAVgAn9/AX9gAX8AYAN/f38Bf2ABfAF8YAJ/bwACGQIEc2hvcANsb2cAAQRzaG9wBHJhdGUDfAADCAcAAAIBAQMEBAcCcAAEbw',
  'AIBQQBAQIQBgYBfwFBAAsHTAkGbWVtb3J5AgAIaGFuZGxlcnMBAARrZXB0AQEFY291bnQDAQNhZGQAAQVhcHBseQADB2NhbGxPdXQABQZzY2Fs',
  'ZWQABgRrZWVwAAcJCAEAQQALAgECCkYHBwAgACABagsHACAAIAFsCwsAIAEgAiAAEQAACwkAIABBAWoQAAsNACMBQQFqJAEgABAECwcAIAAjAK',
  'ILCAAgACABJgELCxwBAEEQCxZ3YXNtIG1lbW9yeSBzYXlzIGhlbGxvAFEEbmFtZQEcBAADbG9nAQNhZGQCCG11bHRpcGx5BAVpbm5lcgIRCAAA',
  'AQACAAMABAAFAAYABwAECQEABmJpbmFyeQcOAgAEcmF0ZQEFY291bnQ=',
].join(''), 'base64');

class Ticket { constructor(i) { this.i = i; } }
class Machine {
  constructor(instance, module) { this.instance = instance; this.module = module; this.memory = instance.exports.memory; this.view = new Uint8Array(this.memory.buffer, 16, 22); }
}
let prepared, truth;
function log(n) {
  if (n < 1000) return;
  const seen = { n };
  hold(prepared, function tell(stack) {
    write('truth.json', JSON.stringify({ ...truth, stack }, null, 1));
    truth = null;
  });
  return seen;
}

async function main() {
  const { instance, module } = await WebAssembly.instantiate(bytes, { shop: { log, rate: 1.19 } });
  const machine = globalThis.machine = new Machine(instance, module);
  const { add, apply, callOut, scaled, keep, handlers, memory, count } = instance.exports;
  for (let i = 0; i < 200000; i++) add(i, apply(1, i, 2)) + scaled(i);      // hot: tiers up
  for (let i = 0; i < 6; i++) keep(i, new Ticket(i));
  memory.grow(1);
  machine.view = new Uint8Array(memory.buffer, 16, 22);
  handlers.set(3, add);
  const own = globalThis.own = { memory: new WebAssembly.Memory({ initial: 1, maximum: 4, shared: true }), table: new WebAssembly.Table({ initial: 3, element: 'anyfunc' }), global: new WebAssembly.Global({ value: 'i64', mutable: true }, 5n) };
  own.table.set(0, apply);
  const server = require('http').createServer((request, response) => response.end('body')).listen(0, '127.0.0.1');
  await new Promise((resolve) => server.once('listening', resolve));
  globalThis.fetched = await (await fetch(`http://127.0.0.1:${server.address().port}/`)).text();
  for (let i = 0; i < 5; i++) callOut(i);
  await new Promise((resolve) => setTimeout(resolve, 300));
  prepared = prepare();
  truth = { program: 'wasm', node: process.version, v8: process.versions.v8, classes: { Ticket: 6, Machine: 1 }, memory_bytes: memory.buffer.byteLength, memory_text: Buffer.from(machine.view).toString(), table_length: handlers.length, exports: Object.keys(instance.exports), count: count.value + 1 };
  callOut(1000);
}
main();
