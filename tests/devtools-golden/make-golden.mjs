// Writes what Chrome DevTools' own heap snapshot engine computes for a snapshot, as tables to compare with.
//
//   npm install --prefix DIR chrome-devtools-mcp@1.11.0
//   node make-golden.mjs --engine DIR --out OUT [--nodes] SNAPSHOT…       (Node 22 or later)
//       OUT/NAME.classes.tsv, NAME.dupstrings.tsv, NAME.stats.json and, with --nodes, NAME.nodes.tsv
//   node make-golden.mjs --engine DIR --out OUT --diff BASE NEWER
//       OUT/BASE-NEWER.diff.tsv (BASE and NEWER without extension; a common prefix up to '-' is written once)
//
// A SNAPSHOT is a .heapsnapshot or .heaptimeline, plain or packed (.gz, .br, .zst).
// The engine runs in this process, from the very file that DevTools runs in a worker: only its last lines, which
// start the worker, see no worker here, and one `export` line is added so that its classes can be reached.
import fs from 'node:fs';
import os from 'node:os';
import path from 'node:path';
import zlib from 'node:zlib';
import { Readable } from 'node:stream';
import { parseArgs } from 'node:util';
import { pathToFileURL } from 'node:url';

const NAME_LENGTH = 80; // a node's name is cut here
const STRING_LENGTH = 120; // a duplicated string's value is cut here
const STRINGS = 200; // so many duplicated strings are written, those retaining most first

const { values: options, positionals: files } = parseArgs({
  allowPositionals: true,
  options: {
    engine: { type: 'string', default: '.' },
    out: { type: 'string', default: '.' },
    nodes: { type: 'boolean', default: false },
    diff: { type: 'boolean', default: false },
  },
});
if (files.length === 0 || (options.diff && files.length !== 2)) {
  console.error('usage: node make-golden.mjs --engine DIR --out OUT [--nodes] SNAPSHOT… | --diff BASE NEWER');
  process.exit(2);
}

const { HeapSnapshotLoader, SecondaryInitManager } = await importEngine(options.engine);
fs.mkdirSync(options.out, { recursive: true });
if (options.diff) {
  await writeDiff(files[0], files[1]);
} else {
  for (const file of files) await writeTables(file);
}
process.exit(0);

async function importEngine(directory) {
  const worker = path.resolve(directory, 'node_modules/chrome-devtools-mcp/build/src/third_party/devtools-heap-snapshot-worker.js');
  const source = fs.readFileSync(worker, 'utf8') + '\nexport { HeapSnapshotLoader, SecondaryInitManager };\n';
  const copy = path.join(fs.mkdtempSync(path.join(os.tmpdir(), 'devtools-engine-')), 'engine.mjs');
  fs.writeFileSync(copy, source);
  try {
    return await import(pathToFileURL(copy));
  } finally {
    fs.rmSync(path.dirname(copy), { recursive: true });
  }
}

async function load(file) {
  const loader = new HeapSnapshotLoader({ sendEvent() {} });
  for await (const chunk of open(file)) loader.write(chunk);
  loader.close();
  const { port1, port2 } = new MessageChannel();
  new SecondaryInitManager(port2); // retainers and dominators, which DevTools computes in a second worker
  return loader.buildSnapshot(port1);
}

function open(file) {
  const unpack = { '.gz': zlib.gunzipSync, '.br': zlib.brotliDecompressSync, '.zst': zlib.zstdDecompressSync }[path.extname(file)];
  if (!unpack) return fs.createReadStream(file, { encoding: 'utf8', highWaterMark: 1 << 20 });
  const text = unpack(fs.readFileSync(file)).toString('utf8');
  return Readable.from((function* () {
    for (let at = 0; at < text.length; at += 1 << 20) yield text.slice(at, at + (1 << 20));
  })());
}

async function writeTables(file) {
  const name = nameOf(file);
  const snapshot = await load(file);
  const classes = snapshot.aggregatesWithFilter({});
  write(`${name}.classes.tsv`, ['classKey', 'name', 'count', 'distance', 'self', 'maxRet'],
    sortedKeys(classes).map(key => {
      const { name, count, distance, self, maxRet } = classes[key];
      return [text(key), text(name), count, distance, self, maxRet];
    }));
  write(`${name}.dupstrings.tsv`, [`value(${STRING_LENGTH})`, 'count', 'self', 'retained'],
    snapshot.getDuplicateStrings().slice(0, STRINGS)
      .map(group => [text(group.value, STRING_LENGTH), group.count, group.totalSelfSize, group.totalRetainedSize]));
  if (options.nodes) {
    write(`${name}.nodes.tsv`, ['id', 'type', 'class', 'name', 'distance', 'self', 'retained', 'dominatorId'], nodeRows(snapshot));
  }
  const statistics = {
    nodeCount: snapshot.nodeCount,
    totalSize: snapshot.totalSize,
    ...snapshot.getStatistics(),
    nativeContexts: snapshot.getNativeContextSizes(),
  };
  fs.writeFileSync(path.join(options.out, `${name}.stats.json`), JSON.stringify(statistics, null, 1));
}

function* nodeRows(snapshot) {
  const node = snapshot.createNode(0), dominator = snapshot.createNode(0);
  for (let i = 0; i < snapshot.nodeCount; i++) {
    node.nodeIndex = i * snapshot.nodeFieldCount;
    dominator.nodeIndex = node.dominatorIndex();
    yield [node.id(), node.type(), text(node.className()), text(node.name(), NAME_LENGTH),
      node.distance(), node.selfSize(), node.retainedSize(), dominator.id()];
  }
}

async function writeDiff(baseFile, newerFile) {
  const base = await load(baseFile), newer = await load(newerFile);
  // DevTools classes the base anew with the plain-object interfaces it inferred from the newer snapshot.
  const difference = newer.calculateSnapshotDiff('base', base.aggregatesForDiff(newer.interfaceDefinitions()));
  const columns = ['addedCount', 'removedCount', 'countDelta', 'addedSize', 'removedSize', 'sizeDelta'];
  write(`${diffName(nameOf(baseFile), nameOf(newerFile))}.diff.tsv`, ['classKey', 'name', ...columns],
    sortedKeys(difference)
      .map(key => [text(key), text(difference[key].name), ...columns.map(column => difference[key][column])]));
}

// In the order of the rows as written: a key that ends sorts by its closing quote.
function sortedKeys(object) {
  const keys = Object.keys(object).map(key => [text(key), key]);
  return keys.sort(([a], [b]) => (a < b ? -1 : 1)).map(([, key]) => key);
}

// A name may hold tabs and newlines: written as JSON.
function text(value, length = Infinity) {
  return JSON.stringify(value.slice(0, length));
}

function nameOf(file) {
  return path.basename(file).replace(/\.(gz|br|zst)$/, '').replace(/\.(heapsnapshot|heaptimeline)$/, '');
}

function diffName(base, newer) {
  const prefix = base.slice(0, base.lastIndexOf('-') + 1);
  return `${base}-${prefix && newer.startsWith(prefix) ? newer.slice(prefix.length) : newer}`;
}

function write(name, header, rows) {
  const lines = [header.join('\t')];
  for (const row of rows) lines.push(row.join('\t'));
  fs.writeFileSync(path.join(options.out, name), lines.join('\n') + '\n');
}
