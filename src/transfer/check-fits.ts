import { BackupError } from '../errors.ts';

/**
 * A file of terabytes needs parts that may be larger than the memory it is sent with.
 *
 * @param path of the file
 * @param size bytes of the file
 * @param partSize bytes of a part of its object
 * @param memoryBytes what there is for parts
 * @throws BackupError of class `local` where one part does not fit
 */
export function checkFits(path: string, size: number, partSize: number, memoryBytes: number): void {
  if (partSize <= memoryBytes) return;
  throw new BackupError(
    `The file ${JSON.stringify(path)} of ${size} bytes has to go in parts of ${partSize} bytes, more than the ${memoryBytes} bytes that \`max-memory\` leaves for them.`,
    {
      class: 'local',
      operation: 'upload file',
      key: path,
      expected: `at most ${memoryBytes} bytes`,
      found: `${partSize} bytes`,
      hint: 'Raise `max-memory`, or split the file.',
    },
  );
}
