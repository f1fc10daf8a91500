/**
 * As many HTTP requests as a server answers, over kept-alive connections.
 *
 * Reads {address, port, path, headers: [...], connections, seconds} as JSON from standard
 * input and prints JSON. Each element of `headers` is one person's; they take turns.
 */

import { readFileSync } from 'node:fs';
import { Agent, request } from 'node:http';

const wanted = JSON.parse(readFileSync(0, 'utf8'));
const agent = new Agent({ keepAlive: true, maxSockets: wanted.connections });
/** @type {Record<string, number>} */
const statuses = {};
/** @type {number[]} */
const times = [];
const deadline = performance.now() + wanted.seconds * 1000;
let turn = 0;

function ask() {
  return new Promise((resolve) => {
    const started = performance.now();
    const headers = wanted.headers[turn++ % wanted.headers.length];
    const { address: host, port, path } = wanted;
    const call = request({ agent, host, port, path, method: 'POST', headers }, (response) => {
      response.resume();
      response.on('end', () => {
        const status = String(response.statusCode);
        statuses[status] = (statuses[status] ?? 0) + 1;
        times.push(performance.now() - started);
        resolve(undefined);
      });
    });
    call.on('error', (error) => {
      statuses[error.message] = (statuses[error.message] ?? 0) + 1;
      resolve(undefined);
    });
    call.end();
  });
}

async function line() {
  while (performance.now() < deadline) await ask();
}

const started = performance.now();
await Promise.all(Array.from({ length: wanted.connections }, line));
const seconds = (performance.now() - started) / 1000;
times.sort((a, b) => a - b);
const at = (/** @type {number} */ part) => times[Math.floor(part * (times.length - 1))] ?? null;
const result = { per_second: times.length / seconds, p50_ms: at(0.5), p99_ms: at(0.99), statuses };
process.stdout.write(`${JSON.stringify(result)}\n`);
agent.destroy();
