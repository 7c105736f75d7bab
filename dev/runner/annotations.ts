import { sep } from 'node:path';
import type { SecretMasker } from './masks.ts';
import type { WorkflowCommand } from './workflow-commands.ts';

export type AnnotationLevel = 'error' | 'warning' | 'notice';

/** A remark that GitHub shows on the run's page. */
export interface Annotation {
  readonly level: AnnotationLevel;
  /** Empty when the action gave none. */
  readonly title: string;
  readonly message: string;
  /** With `/` on every OS; relative to the workspace when it lies in there. */
  readonly file?: string;
  readonly line?: number;
}

/** Per level and step; what comes later is shown in the log only (actions/runner, `ExecutionContext.cs`). */
export const MAX_ANNOTATIONS_PER_LEVEL = 10;
/** In UTF-16 code units; the rest is cut off. */
export const MAX_ANNOTATION_MESSAGE_LENGTH = 4096;

/** The annotations of one step, within the runner's limits. */
export class AnnotationList {
  readonly #kept: Annotation[] = [];
  readonly #masker: SecretMasker;
  #dropped = 0;

  constructor(masker: SecretMasker) {
    this.#masker = masker;
  }

  get kept(): readonly Annotation[] {
    return this.#kept;
  }

  /** How many came after the tenth of their level. */
  get dropped(): number {
    return this.#dropped;
  }

  /** @returns the message as the log shows it: masked, and cut to the limit */
  add(annotation: Annotation): string {
    const message = this.#masker.mask(annotation.message).slice(0, MAX_ANNOTATION_MESSAGE_LENGTH);
    if (this.#kept.filter(({ level }) => level === annotation.level).length < MAX_ANNOTATIONS_PER_LEVEL) {
      this.#kept.push({ ...annotation, message });
    } else {
      this.#dropped += 1;
    }
    return message;
  }
}

/** The annotation that `::error::`, `::warning::` or `::notice::` asks for. */
export function annotationFrom(level: AnnotationLevel, command: WorkflowCommand, workspace: string): Annotation {
  const file = command.properties.get('file');
  const line = Number(command.properties.get('line'));
  return {
    level,
    title: command.properties.get('title') ?? '',
    message: command.data,
    ...(file === undefined ? {} : { file: relativeTo(workspace, file) }),
    ...(Number.isInteger(line) ? { line } : {}),
  };
}

function relativeTo(workspace: string, file: string): string {
  const folder = `${withSlashes(workspace)}/`;
  const path = withSlashes(file);
  return path.startsWith(folder) ? path.slice(folder.length) : path;
}

function withSlashes(path: string): string {
  return sep === '/' ? path : path.replaceAll(sep, '/');
}
