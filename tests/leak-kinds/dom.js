'use strict';

// dom.js: DOM elements of jsdom that were removed from their document and are kept.
//
//   node --expose-gc dom.js [--out DIR]
//
// It leaves 5 elements behind and writes t0.heapsnapshot, then 10 more and t1, then 10 more and t2, and last truth.json.

const fs = require('node:fs');
const path = require('node:path');
const timersPromises = require('node:timers/promises');
const v8 = require('node:v8');
const { JSDOM } = require('jsdom');

const ROUNDS = [5, 10, 10];

const out = process.argv[2] === '--out' ? process.argv[3] : '.';
const { document } = new JSDOM('<!doctype html><title>orders</title><table></table>').window;
const table = document.querySelector('table');
const removedRows = [];

function replaceRow(id) {
  const row = document.createElement('tr');
  row.textContent = `order ${id}`;
  table.append(row);
  row.remove();
  removedRows.push(row);
}

async function main() {
  fs.mkdirSync(out, { recursive: true });
  let id = 0;
  const counts = [];
  for (let round = 0; round < ROUNDS.length; round += 1) {
    for (let count = 0; count < ROUNDS[round]; count += 1) replaceRow(id++);
    for (let turn = 0; turn < 6; turn += 1) {
      globalThis.gc();
      await timersPromises.setTimeout(25);
    }
    counts.push(removedRows.length);
    v8.writeHeapSnapshot(path.join(out, `t${round}.heapsnapshot`));
  }
  const truth = {
    program: 'dom.js',
    node: process.version,
    kinds: [{
      name: 'dom',
      function: 'replaceRow',
      grows: 'HTMLTableRowElement',
      also: [],
      measure: 'objects',
      counts,
      operations: counts,
      holder: 'removedRows',
      how: 'elements of jsdom that were removed from their document, in an array',
    }],
  };
  fs.writeFileSync(path.join(out, 'truth.json'), `${JSON.stringify(truth, null, 2)}\n`);
}

main().then(() => process.exit(0), (error) => {
  console.error(error);
  process.exit(1);
});
