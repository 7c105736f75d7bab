import { execFileSync } from 'node:child_process';
import { describe, expect, it } from '@jest/globals';
import { EMPTY } from '../../../src/report/markdown.ts';
import { recoveryCommands, recoverySection, restoreCommand } from '../../../src/report/sections/recovery.ts';
import type { BackupReport } from '../../../src/report/types.ts';
import { loadReport } from '../../fixtures/reports/load.ts';

const report = loadReport('first-version');
const DATA = 's3://acme-backups/backups/dist/data/dist_full_20261120T031500Z_000001';

const ID = report.version.id;
const NOTHING = { packed: 0, packs: 0, compressed: 0, loose: 0, filesIn: [], packsIn: [] };

describe('how to get it back', () => {
  it('is told with stock tools', () => {
    expect(recoveryCommands(report).filter((line) => !line.startsWith('#'))).toEqual([
      `aws s3 cp ${report.location.uri} - --region eu-west-1`,
      `aws s3 cp ${DATA}/index.ndjson.zst - --region eu-west-1 | zstd -d`,
      `aws s3 cp ${DATA}/files/dist/app.js restored/ --region eu-west-1`,
      `aws s3 cp --recursive ${DATA}/files/ restored/ --region eu-west-1`,
    ]);
  });

  it('is told with this tool first', () => {
    const command = restoreCommand(report);
    expect(command).toBe(
      'versioned-s3-backup restore --bucket acme-backups --prefix backups --name dist --version 1 --target restored/ --aws-region eu-west-1',
    );
    const page = recoverySection(report).variants[0].source;
    expect(page.indexOf(command)).toBeGreaterThan(0);
    expect(page.indexOf(command)).toBeLessThan(page.indexOf('aws s3 cp'));
    const location = { ...report.location, prefix: '', endpoint: 'https://s3.example/$(x)' };
    expect(restoreCommand({ ...report, location })).toMatch(
      / --prefix '' .* --endpoint 'https:\/\/s3\.example\/\$\(x\)'$/,
    );
  });

  it('says of which files the commands are', () => {
    const comments = (type: 'full' | 'incremental') => {
      const version = { ...report.version, type };
      const stored = { ...NOTHING, filesIn: [`data/${ID}/files/`], packsIn: [`data/${ID}/packs/`] };
      return recoveryCommands({ ...report, version, stored }).filter((line) => /^# .* files/.test(line));
    };
    const last = 'in packs; of equal ones the list has the name under which the first is there';
    expect(comments('full')).toEqual(['# All files that are objects of their own', `# The files ${last}`]);
    expect(comments('incremental')).toEqual([
      '# All new files that are objects of their own',
      `# The new files ${last}`,
    ]);
  });

  it('fetches what interrupted attempts have stored from where they put it, and nothing where nothing is', () => {
    const stored = {
      ...NOTHING,
      filesIn: [`data/${ID}/files/`, `data/${ID}/resumed-2/files/`],
      packsIn: [`data/${ID}/packs/`],
    };
    const resumed = { turn: 3, bytes: 9 };
    const lines = recoveryCommands({ ...report, stored, resumed });
    expect(lines.filter((line) => line.includes('--recursive'))).toEqual([
      `aws s3 cp --recursive ${DATA}/files/ restored/ --region eu-west-1`,
      `aws s3 cp --recursive ${DATA}/resumed-2/files/ restored/ --region eu-west-1`,
      `aws s3 cp --recursive ${DATA}/packs/ packs/ --region eu-west-1`,
    ]);
  });

  it('names the endpoint of another store, and no files where there are none', () => {
    expect(recoveryCommands(loadReport('prune-failed')).filter((line) => !line.startsWith('#'))).toEqual([
      expect.stringMatching(/ - --endpoint-url http:\/\/ceph\.example:7480 --region default$/),
      expect.stringMatching(/\/index\.ndjson\.zst - --endpoint-url \S+ --region default \| zstd -d$/),
    ]);
  });

  it('tells how to open packs where there are some', () => {
    const commands = recoveryCommands(loadReport('daily-with-prune'));
    expect(commands.slice(-2)).toEqual([
      expect.stringMatching(/^aws s3 cp --recursive \S+_000042\/packs\/ packs\/ --region eu-west-1$/),
      'mkdir -p restored/ && for pack in packs/*.tar.zst; do zstd -dc "$pack" | tar -xf - -C restored/; done',
    ]);
  });

  it('is not told in a dry run, which stored nothing', () => {
    expect(recoverySection({ ...report, dryRun: true }).variants).toEqual([EMPTY]);
  });

  it('says of an incremental version that older ones hold some of it', () => {
    const source = (type: 'full' | 'incremental') =>
      recoverySection({ ...report, version: { ...report.version, type } }).variants[0].source;
    expect(source('incremental')).toContain('files that older versions hold are among **their** data');
    expect(source('full')).not.toContain('older versions');
  });

  it('mentions that archived objects have to be restored first', () => {
    const source = (location: BackupReport['location']) => recoverySection({ ...report, location }).variants[0].source;
    expect(source({ ...report.location, storageClass: 'DEEP_ARCHIVE' })).toContain('`aws s3api restore-object`');
    expect(source(report.location)).not.toContain('restore-object');
  });
});

// The shell itself is the judge. Windows has none that takes arguments untouched.
const onPosix = process.platform === 'win32' ? describe.skip : describe;

onPosix('the commands in bash', () => {
  it('ask for exactly the key of a file with a hostile name', () => {
    const path = 'a\n# \'$(touch x)\'/`id`|\\\u202e "b".txt';
    const example = { path, key: `data/${report.version.id}/files/${path}`, isCompressed: false };
    const lines = recoveryCommands({ ...report, stored: { ...NOTHING, example } });
    const script = ['aws() { printf "%s\\0" "$@"; }', 'zstd() { cat; }', ...lines].join('\n');
    const words = execFileSync('bash', ['-c', script]).toString('utf8').split('\0');
    expect(words.slice(12, 18)).toEqual(['s3', 'cp', `${DATA}/files/${path}`, 'restored/', '--region', 'eu-west-1']);
  });
});
