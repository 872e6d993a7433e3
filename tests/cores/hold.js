'use strict';
// Stops the process so that it can be dumped: tells the truth, writes a heap snapshot, says "ready", and blocks at once.
// Snapshot and core then show the same state; nothing but a few small strings is allocated between them.
const fs = require('fs');
const path = require('path');
const v8 = require('v8');

const out = path.resolve(process.argv[2] || 'out');
const gate = new Int32Array(new SharedArrayBuffer(4));
const byte = Buffer.alloc(1);

// Writes OUT.NAME beside the snapshot.
function write(name, text) { fs.writeFileSync(`${out}.${name}`, text); }

// The JavaScript frames of this moment, innermost first: [{function, line, column, script}], without hold.js itself.
function frames() {
  const limit = Error.stackTraceLimit;
  const prepare = Error.prepareStackTrace;
  Error.stackTraceLimit = 100;
  Error.prepareStackTrace = (_, sites) => sites.map((site) => ({
    function: site.getFunctionName() || '', line: site.getLineNumber(), column: site.getColumnNumber(),
    script: path.basename(site.getFileName() || ''), constructor: site.isConstructor(),
  }));
  const stack = new Error().stack;
  Error.stackTraceLimit = limit;
  Error.prepareStackTrace = prepare;
  return stack.filter((frame) => frame.script !== 'hold.js');
}

// The number of the first line of FILE that holds TEXT.
const lineOf = (file, text) => fs.readFileSync(file, 'utf8').split('\n').findIndex((line) => line.includes(text)) + 1;

// Opens what hold() needs, so that it allocates next to nothing. READY grows to one byte when the process is blocked.
function prepare(suffix = '') {
  const ready = fs.openSync(`${out}${suffix}.ready`, 'w');
  const nowhere = fs.openSync('/dev/null', 'w');
  for (let i = 0; i < 50; i++) fs.writeSync(nowhere, byte, 0, 1);
  return { ready, snapshot: `${out}${suffix}.heapsnapshot` };
}

// TELL gets the frames of the caller and writes the truth. Then it waits: for ever, or for a byte on standard input.
function hold(prepared, tell, { input = false, wait = true, snapshot = true, done = null } = {}) {
  tell(frames());
  if (snapshot) v8.writeHeapSnapshot(prepared.snapshot);
  fs.writeSync(prepared.ready, byte, 0, 1);
  if (done) done();
  if (input) fs.readSync(0, byte, 0, 1);
  else if (wait) Atomics.wait(gate, 0, 0);
  return 0;
}

module.exports = { out, write, frames, lineOf, prepare, hold };
