import { describe, expect, it } from '@jest/globals';
import { BackupError } from '../../src/errors.ts';
import { renderFailureSummary } from '../../src/report/failure-summary.ts';

const asIs = (text: string) => text;
const failure = (message: string, hint?: string) =>
  new BackupError(message, { class: 'permanent', ...(hint !== undefined && { hint }) });

describe('the summary of a command that failed', () => {
  it('says what failed, why, and what to do', () => {
    expect(renderFailureSummary('restore', failure('There is no version 77.', 'List the series.'), [], asIs)).toBe(
      '### Restore failed\n\nThere is no version 77.\n\nList the series.\n',
    );
    expect(renderFailureSummary('backup', 'odd', [], asIs)).toBe('### Backup failed\n\nodd\n');
  });

  it('is headed as what it is where it was cancelled', () => {
    const error = new BackupError('The step was cancelled.', { class: 'local', operation: 'cancel' });
    expect(renderFailureSummary('backup', error, [], asIs)).toBe('### Backup cancelled\n\nThe step was cancelled.\n');
  });

  it('lists the warnings that came before, without secrets', () => {
    const conceal = (text: string) => text.replaceAll('p*ss', '***');
    const problem = { kind: 'upload-open', message: 'Of p*ss.', count: 1, examples: [], reasons: ['By p*ss'] };
    expect(renderFailureSummary('backup', 'odd', [problem], conceal)).toBe(
      '### Backup failed\n\nodd\n\n#### Problems\n\n' + '- **Upload open**: Of &#42;&#42;&#42;. By &#42;&#42;&#42;.\n',
    );
  });

  it('keeps a hint of several lines as it is, to be copied', () => {
    expect(renderFailureSummary('backup', failure('No.', 'Add:\n{ "a": "```" }'), [], asIs)).toBe(
      '### Backup failed\n\nNo.\n\n````\nAdd:\n{ "a": "```" }\n````\n',
    );
  });

  it('lets no text be markup', () => {
    expect(renderFailureSummary('backup', failure('<b>\n# @me', '*x*'), [], asIs)).toBe(
      '### Backup failed\n\n&#60;b&#62;&#92;n&#35;&#8203; &#64;&#8203;me\n\n&#42;x&#42;\n',
    );
  });

  it('takes secrets out before they are escaped', () => {
    const conceal = (text: string) => text.replaceAll('p*ss', '***');
    const page = renderFailureSummary('backup', failure('By p*ss.', 'Not p*ss.'), [], conceal);
    expect(page).toBe('### Backup failed\n\nBy &#42;&#42;&#42;.\n\nNot &#42;&#42;&#42;.\n');
  });
});
