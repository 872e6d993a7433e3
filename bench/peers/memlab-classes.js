'use strict';
// A class table with memlab's API: count, shallow and retained size by type and name.
//   node memlab-classes.js DIR SNAPSHOT         (DIR holds node_modules/@memlab/heap-analysis)
const path = require('node:path');
const [directory, file] = process.argv.slice(2);
const { getFullHeapFromFile } = require(path.resolve(directory, 'node_modules/@memlab/heap-analysis'));

async function main() {
  const heap = await getFullHeapFromFile(file);
  const classes = new Map();
  heap.nodes.forEach(node => {
    const plain = node.type === 'object' || node.type === 'native' || node.type === 'closure';
    const name = plain ? node.name : `(${node.type})`;
    const entry = classes.get(name) ?? { name, count: 0, shallow_size: 0, retained_size: 0 };
    entry.count++;
    entry.shallow_size += node.self_size;
    // The retained sizes of objects inside one another would add up to more than the heap.
    if (node.dominatorNode?.name !== node.name) entry.retained_size += node.retainedSize;
    classes.set(name, entry);
  });
  const sorted = [...classes.values()].sort((a, b) => b.retained_size - a.retained_size);
  process.stdout.write(JSON.stringify({ classes: sorted.slice(0, 1000) }) + '\n', () => process.exit(0));
}
main();
