// The class table of Chrome DevTools' own engine, as chrome-devtools-mcp runs it, without a browser.
//   node devtools-classes.mjs DIR SNAPSHOT      (DIR holds node_modules/chrome-devtools-mcp)
import path from 'node:path';
import { pathToFileURL } from 'node:url';
const [directory, file] = process.argv.slice(2);
const manager = path.resolve(directory, 'node_modules/chrome-devtools-mcp/build/src/processors/HeapSnapshotManager.js');
const { HeapSnapshotManager } = await import(pathToFileURL(manager));
const { aggregates, objectCount, totalSelfSize } = await new HeapSnapshotManager().getAggregates(file);
const classes = aggregates.map(({ className, count, selfSize, retainedSize }) =>
  ({ name: className, count, shallow_size: selfSize, retained_size: retainedSize }));
process.stdout.write(JSON.stringify({ objects: objectCount, bytes: totalSelfSize, classes }) + '\n', () => process.exit(0));
