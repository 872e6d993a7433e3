'use strict';
// Stands still before one collection: gc.js OUT minor|major. After a byte on standard input it makes the Young and collects,
// and gdb stops it inside. Run with --expose-gc and a flag that makes V8 compact.
const fs = require('fs');
const { write, prepare } = require('./hold.js');

class Keeper { constructor(i) { this.i = i; this.kept = { of: i }; this.name = `keeper ${i}`; } }
class Young { constructor(i, older) { this.i = i; this.older = older; this.pair = [i, { young: i }]; } }
class Table { constructor() { this.keepers = new Map(); this.young = []; } }
const table = globalThis.table = new Table();

let gone = Array.from({ length: 60000 }, (_, i) => new Keeper(i));       // two thirds go: pages with holes
for (const keeper of gone) if (keeper.i % 3 === 0) table.keepers.set(keeper.i, keeper);
gone = null;
gc(); gc();

setTimeout(function collect() {
  const prepared = prepare(), wait = Buffer.alloc(1);
  write('truth.json', JSON.stringify({ program: 'gc', node: process.version, v8: process.versions.v8, classes: { Table: 1, Keeper: 20000, Young: 3000 }, maps: { keepers: 20000 } }, null, 1));
  fs.writeSync(prepared.ready, wait, 0, 1);
  fs.readSync(0, wait, 0, 1);
  for (let i = 0; i < 3000; i++) table.young.push(new Young(i, table.keepers.get(i * 3)));
  if (process.argv[3] === 'minor') gc({ type: 'minor' });
  else gc();
}, 200);
