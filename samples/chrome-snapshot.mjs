// Takes a heap snapshot of a page with attached and detached DOM trees, an iframe and a WeakMap, in headless Chromium.
//   node chrome-snapshot.mjs chrome.heapsnapshot [/usr/bin/chromium]        Node 22 or later
import { spawn } from 'node:child_process';
import fs from 'node:fs';
import http from 'node:http';
import os from 'node:os';
import path from 'node:path';

const [out, chromium = '/usr/bin/chromium'] = process.argv.slice(2);
const page = `<!doctype html><title>t</title><div id=app></div><script>
class Widget {
  constructor(i) {
    this.el = document.createElement('div'); this.el.id = 'w' + i; this.el.className = 'widget big';
    const s = document.createElement('span'); s.textContent = 'n' + i; this.el.appendChild(s);
    this.opts = { a: i, b: 'x' + i };
    this.el.addEventListener('click', () => this.opts.a++);
  }
}
window.widgets = [];
for (let i = 0; i < 200; i++) { const w = new Widget(i); document.getElementById('app').appendChild(w.el); widgets.push(w); }
for (let i = 0; i < 150; i++) widgets[i].el.remove(); // detached, and held by the list
window.detachedList = document.createElement('ul');
for (let i = 0; i < 50; i++) detachedList.appendChild(document.createElement('li'));
window.wm = new WeakMap();
widgets.forEach(w => wm.set(w.el, { note: 'meta' }));
</script><iframe srcdoc="<p>inner</p><script>window.big = new Array(1000).fill('z')</script>"></iframe>`;

const server = http.createServer((_, response) => { response.setHeader('content-type', 'text/html'); response.end(page); });
await new Promise(listening => server.listen(0, '127.0.0.1', listening));
const profile = fs.mkdtempSync(path.join(os.tmpdir(), 'chrome-'));
const browser = spawn(chromium, ['--headless', '--no-sandbox', '--disable-gpu', '--disable-quic', '--no-first-run',
  '--disable-background-networking', '--disable-component-update', '--disable-sync', '--user-data-dir=' + profile,
  '--remote-debugging-port=0', 'about:blank'], { stdio: ['ignore', 'ignore', 'pipe'] });
const endpoint = await new Promise(found => {
  let text = '';
  browser.stderr.on('data', data => { text += data; const match = text.match(/ws:\/\/\S+/); if (match) found(new URL(match[0])); });
});
const target = await (await fetch(`http://${endpoint.host}/json/new?${encodeURIComponent(`http://127.0.0.1:${server.address().port}/`)}`, { method: 'PUT' })).json();
const socket = new WebSocket(target.webSocketDebuggerUrl);
await new Promise(open => { socket.onopen = open; });

let id = 0;
const waiting = new Map(), chunks = [];
socket.onmessage = event => {
  const message = JSON.parse(event.data);
  if (message.method === 'HeapProfiler.addHeapSnapshotChunk') chunks.push(message.params.chunk);
  if (message.id) waiting.get(message.id)(message.result);
};
const send = (method, params = {}) => new Promise(done => { waiting.set(++id, done); socket.send(JSON.stringify({ id, method, params })); });
await new Promise(loaded => setTimeout(loaded, 1500));
await send('HeapProfiler.enable');
await send('HeapProfiler.collectGarbage');
await send('HeapProfiler.takeHeapSnapshot', { reportProgress: false });
fs.writeFileSync(out, chunks.join(''));
browser.kill('SIGKILL');
server.close();
fs.rmSync(profile, { recursive: true, force: true, maxRetries: 5 });
process.exit(0);
