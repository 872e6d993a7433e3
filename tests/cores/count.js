#!/usr/bin/env node
'use strict';
// Writes what the tests compare a core with: a heap snapshot's nodes by class and its named edges by kind, as compare.js counts them.
//   node count.js IN.heapsnapshot > OUT.counts.tsv
// First a line for each class, "COUNT BYTES CLASS"; then, after an empty line, "FROM TYPE NAME TO:COUNT TO:COUNT …" for the property,
// element and context edges, where FROM and TO are numbers of lines of classes, from 0. Tabs between columns; texts are JSON.
const fs = require('fs');
const { snapshot, nodes, edges, strings } = JSON.parse(fs.readFileSync(process.argv[2], 'utf8'));
const meta = snapshot.meta, nodeWidth = meta.node_fields.length, edgeWidth = meta.edge_fields.length;
const [fType, fName, fSize, fEdges] = ['type', 'name', 'self_size', 'edge_count'].map((name) => meta.node_fields.indexOf(name));
const [eType, eName, eTo] = ['type', 'name_or_index', 'to_node'].map((name) => meta.edge_fields.indexOf(name));
const nodeTypes = meta.node_types[fType], edgeTypes = meta.edge_types[eType];
const named = ['property', 'element', 'context'].map((type) => edgeTypes.indexOf(type));
const add = (map, key, by) => map.set(key, (map.get(key) || 0) + by);

function nameOf(type, string) {
  const name = strings[string].slice(0, 200);
  return type === 'object' ? strings[string] : type.includes('string') ? `(${type})` : `(${type}) ${name}`;
}
const left = new Set(['native', 'synthetic']);
const counts = new Map(), sizes = new Map(), kinds = new Map();
const classOf = [];
for (let at = 0; at < nodes.length; at += nodeWidth) {
  const type = nodeTypes[nodes[at + fType]];
  const name = left.has(type) ? null : nameOf(type, nodes[at + fName]);
  classOf.push(name);
  if (name === null) continue;
  add(counts, name, 1);
  add(sizes, name, nodes[at + fSize]);
}
for (let at = 0, edge = 0; at < nodes.length; at += nodeWidth) {
  for (let n = nodes[at + fEdges]; n > 0; n--, edge += edgeWidth) {
    const from = classOf[at / nodeWidth], to = classOf[edges[edge + eTo] / nodeWidth], type = edges[edge + eType];
    if (from === null || to === null || !named.includes(type)) continue;
    const kind = JSON.stringify([from, edgeTypes[type], edgeTypes[type] === 'element' ? 'N' : strings[edges[edge + eName]]]);
    let targets = kinds.get(kind);
    if (targets === undefined) kinds.set(kind, targets = new Map());
    add(targets, to, 1);
  }
}
const classes = [...counts.keys()].sort(), line = new Map(classes.map((name, i) => [name, i]));
let text = '';
for (const name of classes) text += `${counts.get(name)}\t${sizes.get(name)}\t${JSON.stringify(name)}\n`;
text += '\n';
for (const kind of [...kinds.keys()].sort()) {
  const [from, type, name] = JSON.parse(kind);
  const targets = [...kinds.get(kind)].map(([to, count]) => [line.get(to), count]).sort(([a], [b]) => a - b);
  text += `${line.get(from)}\t${type}\t${JSON.stringify(name)}\t${targets.map((target) => target.join(':')).join(' ')}\n`;
}
process.stdout.write(text);
