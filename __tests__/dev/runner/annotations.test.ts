import { join } from 'node:path';
import { describe, expect, it } from '@jest/globals';
import {
  AnnotationList,
  annotationFrom,
  MAX_ANNOTATION_MESSAGE_LENGTH,
  MAX_ANNOTATIONS_PER_LEVEL,
} from '../../../dev/runner/annotations.ts';
import { SecretMasker } from '../../../dev/runner/masks.ts';

describe('AnnotationList', () => {
  it('keeps ten of each level', () => {
    const list = new AnnotationList(new SecretMasker());
    for (let n = 0; n < MAX_ANNOTATIONS_PER_LEVEL + 3; n++) {
      list.add({ level: 'warning', title: '', message: `w${n}` });
    }
    list.add({ level: 'error', title: '', message: 'e' });
    expect(list.kept.map(({ message }) => message)).toEqual([...Array.from({ length: 10 }, (_, n) => `w${n}`), 'e']);
    expect(list.dropped).toBe(3);
  });

  it('masks first and cuts then', () => {
    const masker = new SecretMasker();
    masker.add('hunter2');
    const list = new AnnotationList(masker);
    const message = list.add({ level: 'notice', title: 't', message: `hunter2${'x'.repeat(5000)}` });
    expect(message).toBe(`***${'x'.repeat(MAX_ANNOTATION_MESSAGE_LENGTH - 3)}`);
    expect(list.kept).toEqual([{ level: 'notice', title: 't', message }]);
  });
});

describe('annotationFrom', () => {
  const workspace = join('/', 'home', 'work');
  const from = (properties: Record<string, string>) =>
    annotationFrom(
      'error',
      { name: 'error', properties: new Map(Object.entries(properties)), data: 'text' },
      workspace,
    );

  it('takes title, file and line', () => {
    expect(from({ title: 'T', file: 'a/b.txt', line: '7' })).toEqual({
      level: 'error',
      title: 'T',
      message: 'text',
      file: 'a/b.txt',
      line: 7,
    });
    expect(from({ line: 'x' })).toEqual({ level: 'error', title: '', message: 'text' });
  });

  it('makes a file in the workspace relative to it', () => {
    expect(from({ file: join(workspace, 'a', 'b.txt') }).file).toBe('a/b.txt');
    expect(from({ file: `${workspace}place/b.txt` }).file).toMatch(/workplace\/b\.txt$/);
  });
});
