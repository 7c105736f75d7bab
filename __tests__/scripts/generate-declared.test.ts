import { readFile } from 'node:fs/promises';
import { describe, expect, it } from '@jest/globals';
import { declaredJson } from '../../scripts/generate-declared.ts';
import declared from '../../src/inputs/declared.json' with { type: 'json' };

const FILE = new URL('../../src/inputs/declared.json', import.meta.url);

describe('declaredJson', () => {
  it('is what stands in the file: run node scripts/generate-declared.ts', async () => {
    expect(await readFile(FILE, 'utf8')).toBe(await declaredJson());
  });

  it('has the backup action, which is in no folder, and one of a folder', () => {
    expect(declared.backup.inputs.bucket).toEqual({ description: 'Name of the bucket.', required: true });
    expect(declared.pin.inputs.state).toMatchObject({ default: 'pinned' });
  });
});
