import { describe, expect, it } from '@jest/globals';
import { paperScreen } from './support.ts';

const CLEAR = '\r\u001b[2K';

describe('Screen', () => {
  it('has results and notes in their streams, without secrets', () => {
    const { screen, stdout, stderr } = paperScreen({ secrets: ['a-long-secret'] });
    screen.result('result a-long-secret');
    screen.note('note a-long-secret');
    expect({ stdout: stdout.text, stderr: stderr.text }).toEqual({ stdout: 'result ***\n', stderr: 'note ***\n' });
  });

  it('keeps the bar below the lines', () => {
    const { screen, stdout, stderr } = paperScreen({ isTTY: true });
    screen.setBar('[#.]');
    screen.setBar('[#.]');
    screen.note('note');
    screen.result('result');
    screen.setBar('');
    expect(stderr.text).toBe(`${CLEAR}[#.]${CLEAR}note\n${CLEAR}[#.]${CLEAR}${CLEAR}[#.]${CLEAR}`);
    expect(stdout.text).toBe('result\n');
  });

  it('draws no bar where nobody sees it', () => {
    const { screen, stderr } = paperScreen();
    screen.setBar('[#.]');
    expect({ takesBar: screen.takesBar, text: stderr.text }).toEqual({ takesBar: false, text: '' });
  });
});
