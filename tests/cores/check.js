#!/usr/bin/env node
'use strict';
// Checks a truth.json against the heap snapshot of the same moment, and notes under "nodes" how many nodes V8 gives each
// planted class: prototypes and iterators may bear the name too, so that this is sometimes one or two more. An Exhibit's told
// value gets the "node" that V8 made of it; null where the snapshot has none (small integers).
//   node check.js OUT.truth.json OUT.heapsnapshot [KEY]     (KEY: where in the truth, "classes" if not said)
const fs = require('fs');
const [truthFile, snapshotFile, key = 'classes'] = process.argv.slice(2);
const truth = JSON.parse(fs.readFileSync(truthFile, 'utf8'));
const at = key.split('.').reduce((object, name) => object[name], truth);
const { snapshot, nodes, edges, strings } = JSON.parse(fs.readFileSync(snapshotFile, 'utf8'));
const fields = snapshot.meta.node_fields, width = fields.length;
const object = snapshot.meta.node_types[0].indexOf('object'), name = fields.indexOf('name');
const counts = new Map();
for (let i = 0; i < nodes.length; i += width) if (nodes[i] === object) counts.set(nodes[i + name], (counts.get(nodes[i + name]) || 0) + 1);
const found = new Map([...counts].map(([s, n]) => [strings[s], n]));

const own = key.split('.').slice(0, -1).reduce((object, name) => object[name], truth);
own.nodes = {};
let off = 0;
for (const [cls, told] of Object.entries(at)) {
  const n = own.nodes[cls] = found.get(cls) || 0;
  if (n < told || n > told + 2) { off++; console.log(`${truthFile}: ${cls}: told ${told}, the snapshot has ${n}`); }
}

if (truth.exhibits) {
  const types = snapshot.meta.node_types[0], size = fields.indexOf('self_size'), count = fields.indexOf('edge_count');
  for (let i = 0, edge = 0; i < nodes.length; edge += 3 * nodes[i + count], i += width) {
    if (strings[nodes[i + name]] !== 'Exhibit' || nodes[i] !== object) continue;
    const targets = {};
    for (let e = edge; e < edge + 3 * nodes[i + count]; e += 3) targets[strings[edges[e + 1]]] = edges[e + 2];
    const told = truth.exhibits[strings[nodes[targets.label + name]]], to = targets.value;
    if (told) told.node = to === undefined ? null : { type: types[nodes[to]], name: strings[nodes[to + name]].slice(0, 60), self_size: nodes[to + size] };
  }
  for (const [label, told] of Object.entries(truth.exhibits)) if (told.node === undefined) { off++; console.log(`${truthFile}: no node for exhibit ${label}`); }
}
fs.writeFileSync(truthFile, `${JSON.stringify(truth, null, 1)}\n`);
process.exitCode = off ? 1 : 0;
