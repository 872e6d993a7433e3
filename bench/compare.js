'use strict';
// The measuring half of compare.sh, which prepares what this needs. Prints one table, and notes on standard error.
const fs = require('node:fs');
const os = require('node:os');
const path = require('node:path');
const { spawnSync } = require('node:child_process');
const { parseArgs } = require('node:util');

const string = { type: 'string', default: '' };
const { values: options } = parseArgs({
  options: { cache: string, snapshots: string, holdfast: string, sizes: string, runs: string, only: string, out: string },
});
const TIMEOUT = 20 * 60_000;
const BIG_HEAP = `--max-old-space-size=${Math.floor(os.totalmem() / 2 ** 20 * 0.8)}`;
const scratch = fs.mkdtempSync(path.join(os.tmpdir(), 'holdfast-bench-'));
process.on('exit', () => fs.rmSync(scratch, { recursive: true, force: true }));

const peer = name => path.join(__dirname, 'peers', name);
const installed = name => path.join(options.cache, 'node_modules', name);

// What each tool runs. Node tools start with Node's own memory limit, and again with a high one if that is too low.
const tools = [
  { tool: 'Holdfast', task: 'class table', command: (a, b) => [options.holdfast, 'summary', b, '--format', 'json', '--limit', '0'] },
  { tool: 'DevTools engine', task: 'class table', package: 'chrome-devtools-mcp', node: (a, b) => [peer('devtools-classes.mjs'), options.cache, b] },
  { tool: 'heap-snapshot-toolkit', task: 'class table', package: 'heap-snapshot-toolkit', node: (a, b) => [peer('toolkit-classes.mjs'), options.cache, b] },
  { tool: 'memlab API', task: 'class table', package: 'memlab', node: (a, b) => [peer('memlab-classes.js'), options.cache, b] },
  { tool: 'Holdfast', task: 'diff', command: (a, b) => [options.holdfast, 'diff', a, b, '--format', 'json'] },
  { tool: 'DevTools engine', task: 'diff', package: 'chrome-devtools-mcp', node: (a, b) => [peer('devtools-diff.mjs'), options.cache, a, b] },
  { tool: 'plain script', task: 'diff', node: (a, b) => [peer('plain-analyze-heap.js'), a, b] },
  { tool: 'memlab find-leaks', task: 'diff', package: 'memlab', node: (a, b) => [installed('@memlab/cli/bin/memlab.js'), 'find-leaks', '--baseline', a, '--target', b, '--final', b, '--work-dir', path.join(scratch, 'memlab')] },
];

main();

function main() {
  const head = heading();
  console.log(head.join('\n') + '\n');
  const rows = [], checks = [];
  for (const size of options.sizes.split(',')) {
    const files = ['T0', 'T2'].map(point => path.join(options.snapshots, `s${size}-${point}.heapsnapshot`));
    files.forEach(warm);
    const base = {}, seen = {};
    for (const entry of tools) {
      if (!wanted(entry)) continue;
      const result = measureTool(entry, files);
      seen[`${entry.tool} ${entry.task}`] = result.output;
      if (entry.tool === 'Holdfast') base[entry.task] = result;
      rows.push(row(fs.statSync(files[1]).size, entry, result, base[entry.task]));
      console.error(rows.at(-1).filter(Boolean).join('  '));
    }
    const check = compareClassTables(seen['Holdfast class table'], seen['DevTools engine class table']);
    if (check) checks.push(`${size} MB: ${check}`);
  }
  const header = ['file MB', 'task', 'tool', 'user s', 'sys s', 'wall s', 'peak MB', 'CPU ×', 'memory ×', ''];
  const notes = [
    'user, sys, wall: seconds of the whole process; peak: its largest resident memory, mapped files included; MB = 10^6 bytes.',
    `CPU × (user + sys) and memory × (peak): so many times Holdfast's. Holdfast: best of ${options.runs} runs by wall time; the others: one run. Files were in the page cache.`,
    ...(rows.some(each => each[2] === 'memlab find-leaks') ? ['memlab find-leaks wants three snapshots: T2 is both its target and its final one.'] : []),
    ...checks,
  ];
  console.log([...align([header, ...rows]), '', ...notes].join('\n'));
  if (options.out) {
    const markdown = [...head.map(line => `- ${line}`), '', ...table([header, ...rows]), '', ...notes.map(line => `- ${line}`)];
    fs.writeFileSync(options.out, '# Holdfast beside the other tools\n\nMade by `bench/compare.sh`.\n\n' + markdown.join('\n') + '\n');
  }
}

function wanted({ tool }) {
  if (tool === 'Holdfast' && !options.holdfast) return false;
  return tool.toLowerCase().includes(options.only.toLowerCase());
}

function heading() {
  const cpu = /^model name\s*:\s*(.*)$/m.exec(read('/proc/cpuinfo'))?.[1] ?? os.cpus()[0]?.model ?? 'unknown';
  const lines = [
    `date: ${new Date().toISOString().slice(0, 10)}`,
    `CPU: ${cpu}, ${os.availableParallelism()} cores, ${(os.totalmem() / 2 ** 30).toFixed(0)} GiB of memory, ${os.type()} ${os.release().split('-')[0]}`,
    `Node for the other tools: ${process.version}`,
  ];
  const versions = ['chrome-devtools-mcp', 'memlab', 'heap-snapshot-toolkit'].map(name => {
    const text = read(path.join(installed(name), 'package.json'));
    return text && `${name} ${JSON.parse(text).version}`;
  });
  if (options.only !== 'holdfast') lines.push(versions.filter(Boolean).join(', '));
  if (options.holdfast) {
    const starts = [];
    for (let i = 0; i < 20; i++) {
      const start = process.hrtime.bigint();
      spawnSync(options.holdfast, ['--version'], { stdio: 'ignore' });
      starts.push(Number(process.hrtime.bigint() - start) / 1e6);
    }
    const version = spawnSync(options.holdfast, ['--version'], { encoding: 'utf8' }).stdout?.trim();
    const size = (fs.statSync(fs.realpathSync(options.holdfast)).size / 1e6).toFixed(1);
    lines.push(`Holdfast ${version}: a binary of ${size} MB; \`--version\` takes ${median(starts).toFixed(1)} ms (median of 20)`);
  }
  return lines;
}

function measureTool(entry, files) {
  if (entry.package && !fs.existsSync(installed(entry.package))) return { failure: 'absent: npm could not install it' };
  if (entry.command) {
    let best;
    for (let i = 0; i < Number(options.runs); i++) {
      const result = run(entry.command(...files));
      if (result.failure) return result;
      if (!best || result.wall < best.wall) best = result;
    }
    return best;
  }
  const result = run([process.execPath, ...entry.node(...files)]);
  if (result.failure !== 'out of memory') return result;
  const again = run([process.execPath, BIG_HEAP, ...entry.node(...files)]);
  return { ...again, note: again.failure ? '' : `with ${BIG_HEAP.slice(2)}` };
}

function run(command) {
  const [result, out, err] = ['result', 'stdout', 'stderr'].map(name => path.join(scratch, name));
  fs.rmSync(result, { force: true });
  const outHandle = fs.openSync(out, 'w'), errHandle = fs.openSync(err, 'w');
  // In a process group of its own, so that a timeout ends the tool and not just the script around it.
  const { status, error } = spawnSync('timeout', [String(TIMEOUT / 1000), path.join(__dirname, 'measure.sh'), result, ...command],
    { stdio: ['ignore', outHandle, errHandle] });
  fs.closeSync(outHandle);
  fs.closeSync(errHandle);
  const [wall, user, sys, peak] = read(result).trim().split(' ').map(Number);
  const measured = { wall, user, sys, peak: peak * 1024 };
  if (error) return { failure: `fails: ${error.message}` };
  if (status !== 0) return { ...measured, failure: explain(status, read(err) + '\n' + tail(out)) };
  return { ...measured, output: out && keep(out) };
}

function keep(file) {
  const text = fs.statSync(file).size < 200e6 ? read(file) : '';
  try {
    return JSON.parse(text);
  } catch {
    return undefined; // not every tool speaks JSON
  }
}

function explain(status, text) {
  if (status === 124) return `fails: not done after ${TIMEOUT / 60_000} minutes`;
  if (/Cannot create a string longer than|ERR_STRING_TOO_LONG|Invalid string length/.test(text)) return 'fails: string over 512 MB';
  if (/heap out of memory|ERR_WORKER_OUT_OF_MEMORY|reaching memory limit|Array buffer allocation failed|Map maximum size|Set maximum size/.test(text)) return 'out of memory';
  if (/invalid size error|Invalid array length/.test(text)) return 'fails: an array too large for V8';
  if (status === 137) return 'out of memory';
  const line = text.split('\n').map(each => each.trim()).filter(Boolean).findLast(each => /error/i.test(each)) ?? `status ${status}`;
  return `fails: ${line.slice(0, 60)}`;
}

function row(bytes, { tool, task }, result, base) {
  const size = (bytes / 1e6).toFixed(0);
  if (result.failure) return [size, task, tool, '', '', '', '', '', '', result.failure];
  const peak = result.peak / 1e6;
  const comparable = base && !base.failure && base !== result;
  const cpu = comparable ? ((result.user + result.sys) / Math.max(base.user + base.sys, 0.01)).toFixed(1) : base === result ? '1' : '';
  const memory = comparable ? (result.peak / base.peak).toFixed(1) : base === result ? '1' : '';
  return [size, task, tool, result.user.toFixed(2), result.sys.toFixed(2), result.wall.toFixed(2), peak.toFixed(0), cpu, memory, result.note ?? ''];
}

// Both were asked the same question: the answers must be the same.
function compareClassTables(ours, theirs) {
  if (!ours?.classes || !theirs?.classes) return '';
  const rows = answer => answer.classes.map(({ name, count, shallow_size, retained_size }) => JSON.stringify([name, count, shallow_size, retained_size])).sort();
  const a = rows(ours), b = new Set(rows(theirs));
  const different = a.filter(each => !b.has(each)).length + Math.max(0, b.size - new Set(a).size);
  const total = theirs.classes.reduce((sum, each) => sum + each.count, 0);
  return different === 0
    ? `Holdfast's class table and DevTools' are the same: ${a.length} classes, ${total} objects; name, count, shallow and retained size of each`
    : `ATTENTION: Holdfast's class table and DevTools' differ in ${different} of ${b.size} rows`;
}

function align(rows) {
  const left = new Set([1, 2, 9]);
  const widths = rows[0].map((_, i) => Math.max(...rows.map(each => each[i].length)));
  return rows.map(each => each.map((cell, i) => (left.has(i) ? cell.padEnd(widths[i]) : cell.padStart(widths[i]))).join('  ').trimEnd());
}

function table([header, ...rows]) {
  const line = cells => `| ${cells.join(' | ')} |`;
  return [line(header), line(header.map((_, i) => ([1, 2, 9].includes(i) ? '---' : '--:'))), ...rows.map(line)];
}

function warm(file) {
  const handle = fs.openSync(file), buffer = Buffer.alloc(1 << 22);
  while (fs.readSync(handle, buffer) > 0);
  fs.closeSync(handle);
}

function tail(file) {
  const size = fs.statSync(file).size, handle = fs.openSync(file), buffer = Buffer.alloc(Math.min(size, 4096));
  fs.readSync(handle, buffer, 0, buffer.length, size - buffer.length);
  fs.closeSync(handle);
  return buffer.toString();
}

function median(values) {
  return values.sort((a, b) => a - b)[values.length >> 1];
}

function read(file) {
  try {
    return fs.readFileSync(file, 'utf8');
  } catch {
    return '';
  }
}
