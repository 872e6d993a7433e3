// The class table of heap-snapshot-toolkit (DevTools' engine as a library, one thread).
//   node toolkit-classes.mjs DIR SNAPSHOT       (DIR holds node_modules/heap-snapshot-toolkit)
import fs from 'node:fs';
import path from 'node:path';
import { pathToFileURL } from 'node:url';
const [directory, file] = process.argv.slice(2);
const { parse } = await import(pathToFileURL(path.resolve(directory, 'node_modules/heap-snapshot-toolkit/index.js')));
const snapshot = await parse(fs.createReadStream(file, 'utf-8'));
const classes = Object.values(snapshot.aggregatesWithFilter({}))
  .map(({ name, count, self, maxRet }) => ({ name, count, shallow_size: self, retained_size: maxRet }))
  .sort((a, b) => b.retained_size - a.retained_size);
process.stdout.write(JSON.stringify({ classes }) + '\n', () => process.exit(0));
