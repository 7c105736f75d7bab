import { describe, expect, it } from '@jest/globals';
import fc from 'fast-check';
import { BLOCK_BYTES, checksumOf, END_BYTES, FIELDS } from '../../src/pack/tar-format.ts';
import { MAX_PAX_BYTES, parseHeader } from '../../src/pack/tar-reader.ts';
import { encodeHeader } from '../../src/pack/tar-writer.ts';
import { anyMember, file } from './support/members.ts';

/** The header of a file after a change, with its checksum put right. */
function altered(member: ReturnType<typeof file>, change: (block: Buffer) => void): Buffer {
  const header = Buffer.from(encodeHeader(member));
  const block = header.subarray(-BLOCK_BYTES);
  change(block);
  block.write(`${checksumOf(block).toString(8).padStart(6, '0')}\0 `, FIELDS.checksum[0], 'latin1');
  return header;
}

const plain = { ...file('a.txt', 3), mtimeNs: 5_000_000_000n };

/** A PAX header with these records before a plain member. */
function withRecords(records: string): Buffer {
  const long = file('x'.repeat(200), 3);
  const bytes = Buffer.from(encodeHeader(long));
  const pax = bytes.subarray(0, BLOCK_BYTES);
  pax.write(Buffer.byteLength(records).toString(8).padStart(11, '0'), FIELDS.size[0], 'latin1');
  pax.write(`${checksumOf(pax).toString(8).padStart(6, '0')}\0 `, FIELDS.checksum[0], 'latin1');
  const body = Buffer.alloc(Math.ceil(Buffer.byteLength(records) / BLOCK_BYTES) * BLOCK_BYTES);
  body.write(records);
  return Buffer.concat([pax, body, bytes.subarray(-BLOCK_BYTES)]);
}

describe('parseHeader', () => {
  it('gives back every member as it was written, whatever follows', () => {
    fc.assert(
      fc.property(anyMember, fc.uint8Array({ maxLength: 64 }), (member, rest) => {
        const header = encodeHeader(member);
        expect(parseHeader(Buffer.concat([header, rest]))).toEqual({
          kind: 'member',
          member,
          headerBytes: header.byteLength,
        });
      }),
    );
  });

  it('says of a cut header how much it needs, and never more than there is', () => {
    fc.assert(
      fc.property(anyMember, fc.nat(), (member, cut) => {
        const header = encodeHeader(member);
        const length = cut % header.byteLength;
        const found = parseHeader(header.subarray(0, length));
        if (found.kind !== 'short') throw new Error(`found ${found.kind}`);
        expect(found.needs).toBeGreaterThan(length);
        expect(found.needs).toBeLessThanOrEqual(header.byteLength);
      }),
    );
  });

  it('finds the end of an archive', () => {
    expect(parseHeader(Buffer.alloc(END_BYTES))).toEqual({ kind: 'end' });
  });

  it('takes no header with a flipped bit', () => {
    fc.assert(
      fc.property(anyMember, fc.nat(), (member, place) => {
        const header = Buffer.from(encodeHeader(member));
        const bit = place % (header.byteLength * 8);
        header.writeUInt8(header.readUInt8(bit >> 3) ^ (1 << (bit & 7)), bit >> 3);
        const found = parseHeader(header);
        // The text of a PAX record has no checksum of its own (the frame around it has one): it may read otherwise.
        if (found.kind === 'member') expect(bit >> 3).toBeGreaterThanOrEqual(BLOCK_BYTES);
        else expect(['bad', 'short']).toContain(found.kind);
      }),
    );
  });

  it('takes no flipped bit in the checksum of a header, nor in what ends it', () => {
    const [start, length] = FIELDS.checksum;
    for (let bit = start * 8; bit < (start + length) * 8; bit++) {
      const header = Buffer.from(encodeHeader(plain));
      header.writeUInt8(header.readUInt8(bit >> 3) ^ (1 << (bit & 7)), bit >> 3);
      expect(parseHeader(header)).toMatchObject({ kind: 'bad' });
    }
  });

  it('does not fail on any bytes', () => {
    fc.assert(
      fc.property(fc.uint8Array({ maxLength: 3 * BLOCK_BYTES }), (bytes) => {
        expect(['bad', 'short', 'end', 'member']).toContain(parseHeader(bytes).kind);
      }),
    );
  });

  it.each([
    ['another type', altered(plain, (block) => block.write('S', FIELDS.type[0])), 'a member has the type "S"'],
    ['GNU tar’s own format', altered(plain, (block) => block.write('ustar  \0', FIELDS.magic[0])), 'ustar format'],
    ['a prefix', altered(plain, (block) => block.write('/etc', FIELDS.prefix[0])), 'has a prefix'],
    ['a size in base 256', altered(plain, (block) => block.writeUInt8(0x80, FIELDS.size[0])), 'not octal'],
    ['a link with content', altered(plain, (block) => block.write('2', FIELDS.type[0])), 'type symlink has 3 bytes'],
    ['an unknown record', withRecords('22 GNU.sparse.major=1\n'), 'cannot be read'],
    ['a record with a wrong length', withRecords('12 path=abc\n1'), 'cannot be read'],
    ['a record longer than its header', withRecords('99 path=abc\n'), 'cannot be read'],
    ['a record without a length', withRecords('path=abc\n'), 'cannot be read'],
    ['a NUL in a record', withRecords('12 path=a\0c\n'), 'cannot be read'],
    ['two paths', withRecords('12 path=abc\n12 path=abd\n'), 'two records path'],
    ['a size that is no number', withRecords('12 size=1e3\n'), 'no number of bytes'],
    ['a size beyond 2^53', withRecords('25 size=9999999999999999\n'), 'no number of bytes'],
    ['a size that is not that of its block', withRecords('9 size=5\n'), '5 in its PAX header and 3 in its own'],
    ['a size of none before one of some', withRecords('9 size=0\n'), '0 in its PAX header and 3 in its own'],
    ['a time that is no number', withRecords('12 mtime=x\n'), 'cannot be read'],
  ])('refuses %s', (_, bytes, problem) => {
    expect(parseHeader(bytes)).toEqual({ kind: 'bad', problem: expect.stringContaining(problem) });
  });

  it('takes a size that is said twice', () => {
    expect(parseHeader(withRecords('9 size=3\n'))).toMatchObject({ kind: 'member', member: { size: 3 } });
  });

  it('asks for no more than a PAX header may have', () => {
    const records = `${MAX_PAX_BYTES + 14} path=${'x'.repeat(MAX_PAX_BYTES)}\n`;
    expect(parseHeader(withRecords(records).subarray(0, BLOCK_BYTES))).toMatchObject({ kind: 'bad' });
  });
});
