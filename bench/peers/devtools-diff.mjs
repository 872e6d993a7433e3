// The comparison of two snapshots by Chrome DevTools' own engine, as chrome-devtools-mcp runs it, without a browser.
//   node devtools-diff.mjs DIR BASE NEWER       (DIR holds node_modules/chrome-devtools-mcp)
import path from 'node:path';
import { pathToFileURL } from 'node:url';
const [directory, base, newer] = process.argv.slice(2);
const manager = path.resolve(directory, 'node_modules/chrome-devtools-mcp/build/src/processors/HeapSnapshotManager.js');
const { HeapSnapshotManager } = await import(pathToFileURL(manager));
const { classDiffs, totals } = await new HeapSnapshotManager().getClassDiffs(base, newer);
process.stdout.write(JSON.stringify({ totals, classes: classDiffs }) + '\n', () => process.exit(0));
