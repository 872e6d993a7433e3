'use strict';
// Allocates and collects without a pause, on main and on one worker; dumped at any moment. What stays has exact counts:
// the Keepers were there before the noise. Everything else comes and goes.
const { Worker, isMainThread } = require('worker_threads');
const fs = require('fs');
const { write, prepare } = require('./hold.js');

class Keeper { constructor(i) { this.i = i; this.kept = { of: i }; } }
class Churn { constructor(i, other) { this.i = i; this.other = other; this.list = [i, { i }, `churn ${i}`]; } }
const keepers = globalThis.keepers = Array.from({ length: isMainThread ? 5000 : 700 }, (_, i) => new Keeper(i));
const ring = new Array(20000), byName = new Map();

function churn(count) {
  let last = null;
  for (let i = 0; i < count; i++) {
    const one = new Churn(i, i % 5 ? last : null);
    last = ring[(i * 7919) % ring.length] = one;
    if (i % 3 === 0) byName.set(`name ${(i * 31) % 30000}`, one);
    if (i % 500 === 0) ring[i % 100] = new Array(40000).fill(one);            // large objects
    if (i % 1000 === 0) ring[i % 100 + 1] = Buffer.alloc(100000);
    if (i % 4 === 0) byName.delete(`name ${i % 30000}`);
  }
}
if (isMainThread) {
  new Worker(__filename, { argv: process.argv.slice(2), name: 'busy worker' });
  const prepared = prepare();
  write('truth.json', JSON.stringify({ program: 'busy', node: process.version, v8: process.versions.v8, threads: [{ thread_id: 0, classes: { Keeper: 5000 } }, { thread_id: 1, name: 'busy worker', classes: { Keeper: 700 } }] }, null, 1));
  setTimeout(() => fs.writeSync(prepared.ready, 'r'), 1500);
}
setInterval(function noise() { churn(300000); }, 1);
