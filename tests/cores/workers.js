'use strict';
// Three worker threads beside main, each with classes of its own; `Common` is in all of them, with another count in each.
// Every thread writes a snapshot of its own heap. "ingest" and "index" then block; the one without a name goes idle.
const { Worker, isMainThread, parentPort, workerData, threadId } = require('worker_threads');
const { write, prepare, hold, out } = require('./hold.js');

class Common { constructor(i) { this.common = i; } }
const roles = {
  ingest() {
    class Job { constructor(i) { this.id = i; this.rows = []; } }
    class Row { constructor(job, i) { this.job = job; this.cells = [i, i * 1.5, `cell ${i}`]; job.rows.push(this); } }
    const jobs = new Map();
    for (let i = 0; i < 400; i++) { const job = new Job(i); jobs.set(`job ${i}`, job); for (let k = 0; k < 12; k++) new Row(job, k); }
    return { kept: jobs, classes: { Job: 400, Row: 4800, Common: 22 } };
  },
  index() {
    class Posting { constructor(word, i) { this.word = word; this.document = i; } }
    const postings = {};
    for (let i = 0; i < 3000; i++) (postings[`word ${i % 500}`] ??= []).push(new Posting(`word ${i % 500}`, i));
    return { kept: postings, classes: { Posting: 3000, Common: 33 } };
  },
  scratch() {
    class Scratch extends Float64Array { }
    class Note { constructor(i) { this.text = `note ${i}`; } }
    const kept = [Array.from({ length: 50 }, (_, i) => new Scratch(100 + i)), Array.from({ length: 250 }, (_, i) => new Note(i))];
    setInterval(function everyDay() { return kept; }, 86400000);
    return { kept, classes: { Scratch: 50, Note: 250, Common: 44 } };
  },
};

if (!isMainThread) {
  const { role, written, file } = workerData;
  const { kept, classes } = roles[role]();
  globalThis.state = { kept, common: Array.from({ length: classes.Common }, (_, i) => new Common(i)) };
  parentPort.on('message', function freeze() {
    const prepared = { ready: require('fs').openSync('/dev/null', 'w'), snapshot: file };
    const wait = role !== 'scratch';                 // that one goes back to its event loop
    hold(prepared, (stack) => parentPort.postMessage({ threadId, stack: wait ? stack : [], classes }), {
      wait, done() { Atomics.add(written, 0, 1); Atomics.notify(written, 0); },
    });
  });
} else {
  class Dispatcher { constructor() { this.workers = []; this.common = Array.from({ length: 11 }, (_, i) => new Common(i)); } }
  const dispatcher = globalThis.dispatcher = new Dispatcher();
  const written = new Int32Array(new SharedArrayBuffer(4));
  const truth = { program: 'workers', node: process.version, v8: process.versions.v8, threads: [{ thread_id: 0, name: null, role: 'main', snapshot: 'workers.heapsnapshot', blocked: true, classes: { Dispatcher: 1, Common: 11 } }] };
  const prepared = prepare();
  let told = 0;
  for (const role of Object.keys(roles)) {
    const data = { role, written, file: `${out}.${role}.heapsnapshot` };
    const named = role !== 'scratch';
    const worker = new Worker(__filename, { workerData: data, argv: process.argv.slice(2), ...(named && { name: `${role} worker` }) });
    dispatcher.workers.push(worker);
    truth.threads.push({ thread_id: worker.threadId, name: named ? `${role} worker` : null, role, snapshot: `workers.${role}.heapsnapshot`, blocked: named, classes: null });
    worker.on('error', (error) => { console.error(error); process.exit(1); });
    worker.on('message', function onFrozen(message) {
      Object.assign(truth.threads.find((thread) => thread.thread_id === message.threadId), { classes: message.classes, stack: message.stack });
      if (++told < 3) return;
      for (let n = 0; n < 3; n = Atomics.load(written, 0)) Atomics.wait(written, 0, n, 1000);
      hold(prepared, function tell(stack) {
        truth.threads[0].stack = stack;
        write('truth.json', JSON.stringify(truth, null, 1));
        truth.threads.length = 0;
      });
    });
  }
  setTimeout(() => dispatcher.workers.forEach((worker) => worker.postMessage('freeze')), 1000);
}
