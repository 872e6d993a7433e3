'use strict';
// Makes texts to measure flame with: `node flame-text.js perf IN MEGABYTES` repeats samples of a recording, a tenth of
// their frames renamed so that names and stacks differ; `node flame-text.js folded STACKS` makes different folded stacks.
const fs = require('fs');
const [kind, a, b] = process.argv.slice(2);
const out = (text) => fs.writeSync(1, text);
let seed = 1;
const random = (n) => (seed = (seed * 1103515245 + 12345) & 0x7fffffff) % n;
if (kind === 'perf') {
  const samples = fs.readFileSync(a, 'utf8').split('\n\n').filter((s) => s.includes('\n'));
  const wanted = Number(b) * 1e6;
  for (let written = 0; written < wanted;) {
    let block = '';
    while (block.length < 1 << 20) {
      const lines = samples[random(samples.length)].split('\n');
      const at = 1 + random(lines.length - 1);
      if (random(10) === 0) lines[at] = lines[at].replace(/(\+0x[0-9a-f]+)? \(/, `_${random(500)}$1 (`);
      block += lines.join('\n') + '\n\n';
    }
    out(block);
    written += block.length;
  }
} else {
  let block = '';
  for (let i = 0; i < Number(a); i++) {
    const frames = ['node', 'main'];
    for (let d = 0, n = i; d < 14; d++, n = Math.floor(n / 7)) frames.push(`fn${d}_${n % 7}_of_module_${n % 3}`);
    block += `${frames.join(';')};leaf${i} ${1 + random(100)}\n`;
    if (block.length > 1 << 20) { out(block); block = ''; }
  }
  out(block);
}
