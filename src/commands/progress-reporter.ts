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
    this.add({ files: 0, bytes });
  }

  addFile(): void {
    this.add({ files: 1, bytes: 0 });
  }

  add({ files, bytes }: Amount): void {
    this.#done = { files: this.#done.files + files, bytes: this.#done.bytes + bytes };
    const { log, monotonicMs } = this.#ports;
    if (log.progress?.(this.#done, this.#total) === true) return;
    const line = this.#meter.line(this.#done, monotonicMs());
    if (line !== undefined) log.info(line);
  }
}
