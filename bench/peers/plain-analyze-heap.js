'use strict';
// The script one finds in most guides to heap snapshots: JSON.parse, group by constructor, compare two files.
//   node plain-analyze-heap.js BASE NEWER
const fs = require('node:fs');
const [base, newer] = process.argv.slice(2);
const TOP = 40, MIN_BYTES = 10_000, MIN_COUNT = 100;

function groups(file) {
  const { snapshot, nodes, strings } = JSON.parse(fs.readFileSync(file, 'utf8'));
  const { node_fields: fields, node_types: types } = snapshot.meta;
  const [type, name, size] = ['type', 'name', 'self_size'].map(field => fields.indexOf(field));
  const result = new Map();
  for (let i = 0; i < nodes.length; i += fields.length) {
    const kind = types[type][nodes[i + type]];
    const key = kind === 'object' || kind === 'native' || kind === 'closure' ? `${kind}::${strings[nodes[i + name]]}` : `(${kind})`;
    let group = result.get(key);
    if (!group) result.set(key, (group = { count: 0, bytes: 0 }));
    group.count++;
    group.bytes += nodes[i + size];
  }
  return result;
}

const before = groups(base), after = groups(newer);
const none = { count: 0, bytes: 0 };
const changes = [...new Set([...before.keys(), ...after.keys()])].map(key => {
  const a = before.get(key) ?? none, b = after.get(key) ?? none;
  return { key, count: b.count - a.count, bytes: b.bytes - a.bytes, now: b.count };
});
const print = (title, rows) => {
  console.log(title);
  for (const row of rows.slice(0, TOP)) console.log(`${row.bytes.toString().padStart(14)} ${row.count.toString().padStart(10)} ${row.now.toString().padStart(10)}  ${row.key.slice(0, 80)}`);
};
print(`by size (bytes, count, count now), at least ${MIN_BYTES}`, changes.filter(row => row.bytes >= MIN_BYTES).sort((a, b) => b.bytes - a.bytes));
print(`by count, at least ${MIN_COUNT}`, changes.filter(row => row.count >= MIN_COUNT).sort((a, b) => b.count - a.count));
