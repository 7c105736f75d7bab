// Loaded into the action's process before its own code (`node --import`): writes the process's peak resident memory, in
// bytes, to the file named in this module's own query (`?to=`), so that the environment stays the runner's.
import { readFileSync, writeFileSync } from 'node:fs';
import { isMainThread } from 'node:worker_threads';

const BYTES_PER_KIBIBYTE = 1024;

if (isMainThread) {
  const file = new URL(import.meta.url).searchParams.get('to');
  process.on('exit', () => writeFileSync(file, String(peakKibibytes() * BYTES_PER_KIBIBYTE)));
}

function peakKibibytes() {
  if (process.platform === 'linux') {
    // not resourceUsage().maxRSS: there Linux counts in what the parent held when it forked, before this program began
    return Number(/^VmHWM:\s+(\d+) kB$/m.exec(readFileSync('/proc/self/status', 'utf8'))[1]);
  }
  return process.resourceUsage().maxRSS;
}
