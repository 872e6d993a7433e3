'use strict';
// A server that measures its own pauses: how late a timer of 1 ms comes, at worst since the last question. MEGABYTES of heap.
const http = require('http');
const size = Number(process.argv[2] || 10), held = [];
class Entry { constructor(i) { this.id = i; this.name = `entry ${i}`; this.next = held[held.length - 1]; } }
for (let i = 0; process.memoryUsage().heapUsed < size * 2 ** 20; ) for (let n = 0; n < 1000; n++) held.push(new Entry(i++));
globalThis.held = held;
let worst = 0, last = performance.now();
setInterval(() => { const now = performance.now(); worst = Math.max(worst, now - last - 1); last = now; }, 1);
const v8 = require('v8');
http.createServer((request, response) => {
  if (request.url === '/snapshot') response.end(v8.writeHeapSnapshot(`/tmp/holdfast-bench-${process.pid}.heapsnapshot`));
  else { response.end(JSON.stringify({ worst, rss: process.memoryUsage.rss(), heap: process.memoryUsage().heapUsed })); worst = 0; last = performance.now(); }
}).listen(0, '127.0.0.1', function () { console.log(this.address().port); });
