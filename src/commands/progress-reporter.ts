import { type Amount, ProgressMeter, type Total } from '../report/progress.ts';
import type { CommandPorts } from './ports.ts';

/** Says in the log how far a transfer is: in its own way if it has one, else in a line every few seconds at most. */
export class ProgressReporter {
  readonly #ports: Pick<CommandPorts, 'log' | 'monotonicMs'>;
  readonly #total: Total;
  readonly #meter: ProgressMeter;
  #done: Amount = { files: 0, bytes: 0 };

  constructor(total: Total, ports: Pick<CommandPorts, 'log' | 'monotonicMs'>) {
    this.#ports = ports;
    this.#total = total;
    this.#meter = new ProgressMeter(total, ports.monotonicMs());
  }

  get done(): Amount {
    return this.#done;
  }

  addBytes(bytes: number): void {
    this.#advance({ files: this.#done.files, bytes: this.#done.bytes + bytes });
  }

  addFile(): void {
    this.addFiles(1);
  }

  addFiles(files: number): void {
    this.#advance({ files: this.#done.files + files, bytes: this.#done.bytes });
  }

  #advance(done: Amount): void {
    this.#done = done;
    const { log, monotonicMs } = this.#ports;
    if (log.progress?.(done, this.#total) === true) return;
    const line = this.#meter.line(done, monotonicMs());
    if (line !== undefined) log.info(line);
  }
}
