/**
 * The outcome of `work`, or the signal's reason as soon as it is aborted. For requests of the AWS SDK, which itself does
 * not look at the signal while it waits for credentials, or to try again.
 */
export function unlessAborted<T>(work: () => Promise<T>, signal: AbortSignal): Promise<T> {
  if (signal.aborted) return Promise.reject(signal.reason);
  const waiting = waitingFor(signal);
  return new Promise<T>((resolve, reject) => {
    waiting.add(reject);
    Promise.try(work)
      .finally(() => waiting.delete(reject))
      .then(resolve, reject);
  });
}

/** Who is to be told of each signal: one listener, because one for each request is searched for among all others. */
const waitingBySignal = new WeakMap<AbortSignal, Set<(reason: unknown) => void>>();

function waitingFor(signal: AbortSignal): Set<(reason: unknown) => void> {
  const known = waitingBySignal.get(signal);
  if (known !== undefined) return known;
  const waiting = new Set<(reason: unknown) => void>();
  waitingBySignal.set(signal, waiting);
  const abort = () => {
    for (const reject of waiting) reject(signal.reason);
    waiting.clear();
  };
  signal.addEventListener('abort', abort, { once: true });
  return waiting;
}
