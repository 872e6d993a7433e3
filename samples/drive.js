#!/usr/bin/env node
'use strict';
// Starts leaky-server.js under some Node, sends it a bounded number of requests, and takes snapshots.
//
//   node drive.js --node NODE --out DIR [--fixed] [--warm-up 50] [--round 300] [--prefix leaky]
//       writes DIR/PREFIX-t0.heapsnapshot (after the warm-up), -t1 and -t2 (after one round each)
//       and prints what the server itself counted at each point, as JSON
//   node drive.js --node NODE --out DIR --timeline [--round 300] [--prefix leaky]
//       writes DIR/PREFIX.heaptimeline: one round recorded with allocation stacks, over the inspector
//
// This script wants Node 22 or later (WebSocket); NODE, which runs the server, may be 18 or later.

const { spawn } = require('node:child_process');
const fs = require('node:fs');
const path = require('node:path');
const { parseArgs } = require('node:util');

const { values: options } = parseArgs({
  options: {
    node: { type: 'string', default: process.execPath },
    out: { type: 'string', default: '.' },
    prefix: { type: 'string', default: 'leaky' },
    'warm-up': { type: 'string', default: '50' },
    round: { type: 'string', default: '300' },
    fixed: { type: 'boolean', default: false },
    timeline: { type: 'boolean', default: false },
  },
});

let nextOrder = 1;

async function main() {
  const args = ['--expose-gc'];
  if (options.timeline) args.push('--inspect=127.0.0.1:0');
  args.push('leaky-server.js', '--snapshots', options.out);
  if (options.fixed) args.push('--fixed');
  // An empty environment and a relative script path, so that little of this machine gets into the snapshots.
  const child = spawn(options.node, args, { cwd: __dirname, env: {}, stdio: ['ignore', 'pipe', 'pipe'] });
  try {
    const inspector = options.timeline ? await lineOf(child.stderr, /^Debugger listening on (ws:\S+)/m) : '';
    const address = await lineOf(child.stdout, /^listening on (http:\S+)/m);
    const result = options.timeline ? await recordTimeline(address, inspector) : await takeSnapshots(address);
    console.log(JSON.stringify(result, null, 2));
  } finally {
    child.kill();
  }
}

async function takeSnapshots(address) {
  const points = {};
  for (const [point, requests] of [['t0', options['warm-up']], ['t1', options.round], ['t2', options.round]]) {
    await sendOrders(address, Number(requests));
    const name = `${options.prefix}-${point}`;
    const response = await fetch(`${address}/debug/snapshot/${name}`, { method: 'POST' });
    if (!response.ok) throw new Error(await response.text());
    points[name] = await response.json();
  }
  return points;
}

async function recordTimeline(address, inspector) {
  const socket = new WebSocket(inspector);
  await new Promise((resolve, reject) => Object.assign(socket, { onopen: resolve, onerror: reject }));
  const waiting = new Map();
  const file = path.join(options.out, `${options.prefix}.heaptimeline`);
  const chunks = [];
  socket.onmessage = ({ data }) => {
    const message = JSON.parse(data);
    if (message.method === 'HeapProfiler.addHeapSnapshotChunk') chunks.push(message.params.chunk);
    if (message.error) throw new Error(message.error.message);
    waiting.get(message.id)?.();
  };
  let id = 0;
  const call = (method, params = {}) => {
    socket.send(JSON.stringify({ id: ++id, method, params }));
    return new Promise(resolve => waiting.set(id, resolve));
  };
  await call('HeapProfiler.enable');
  await call('HeapProfiler.startTrackingHeapObjects', { trackAllocations: true });
  await sendOrders(address, Number(options.round));
  await call('HeapProfiler.stopTrackingHeapObjects', { reportProgress: false });
  socket.close();
  fs.writeFileSync(file, chunks.join(''));
  const response = await fetch(`${address}/debug/counts`);
  return { [options.prefix]: await response.json() };
}

async function sendOrders(address, count) {
  for (let i = 0; i < count; i++) {
    const response = await fetch(`${address}/orders/${nextOrder++}`);
    if (!response.ok) throw new Error(`order: ${response.status}`);
    await response.text();
  }
}

function lineOf(stream, pattern) {
  return new Promise((resolve, reject) => {
    let seen = '';
    stream.setEncoding('utf8');
    stream.on('data', text => {
      seen += text;
      const match = pattern.exec(seen);
      if (match) resolve(match[1]);
    });
    stream.on('end', () => reject(new Error(`the server ended early: ${seen}`)));
  });
}

main().catch(error => {
  console.error(error);
  process.exitCode = 1;
});
