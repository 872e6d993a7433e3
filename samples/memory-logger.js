// A service that keeps a little of each request it answers, and logs its memory.
const kept = new Map(); let n = 0;
function answer() { const rows = Array.from({ length: 400 }, (_, i) => ({ i, text: 'row ' + i + ':' + n })); kept.set(n++, rows.slice(0, 3)); return rows.length; }
setInterval(() => { for (let i = 0; i < 12; i++) answer(); }, 20);
setInterval(() => console.log(JSON.stringify({ level: 'info', time: new Date().toISOString(), memory: process.memoryUsage() })), 400);
setTimeout(() => process.exit(), 80000);
