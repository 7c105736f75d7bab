import { describe, expect, it } from '@jest/globals';
import { MIN_SECRET_LENGTH, secretForms } from '../src/secret-forms.ts';

describe('secretForms', () => {
  it('has the secret as it is, in a URL and in base64', () => {
    expect(secretForms('p@ss/w?rd>>1')).toEqual(['p@ss/w?rd>>1', 'p%40ss%2Fw%3Frd%3E%3E1', 'cEBzcy93P3JkPj4x']);
  });

  it('knows both alphabets of base64', () => {
    expect(secretForms('\u00ff\u00fe\u00fb~~~?>')).toEqual(
      expect.arrayContaining(['w7/DvsO7fn5+Pz4=', 'w7_DvsO7fn5-Pz4']),
    );
  });

  it('has none of what is too short to be a secret', () => {
    expect(secretForms('x'.repeat(MIN_SECRET_LENGTH - 1))).toEqual([]);
    expect(secretForms('x'.repeat(MIN_SECRET_LENGTH))).not.toEqual([]);
  });

  it('takes text that is not valid Unicode', () => expect(secretForms('\ud800broken-secret')).toHaveLength(4));
});
