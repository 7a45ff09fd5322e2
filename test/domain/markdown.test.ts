import { markdownCode, markdownText } from '../../src/domain/markdown';

describe("an outsider's text in Markdown", () => {
  it.each([
    ['plain words, JOB_STATE_FAILED: exit code 1.', 'plain words, JOB_STATE_FAILED: exit code 1.'],
    ['**bold** _it_ `code` ~~no~~', '\\*\\*bold\\*\\* \\_it\\_ \\`code\\` \\~\\~no\\~\\~'],
    ['![x](https://evil.example) <img src=x> &lt;', '!\\[x\\](https://evil.example) \\<img src=x\\> \\&lt;'],
    ['a | b\n\n# head\r\n- item\u2028x', 'a \\| b # head - item x'],
    ['\\`', '\\\\\\`'],
  ])('shows %j as it is', (text, shown) => {
    expect(markdownText(text)).toBe(shown);
  });

  it.each([
    ['plain', '`plain`'],
    ['a`b', '`` a`b ``'],
    ['``` x', '```` ``` x ````'],
    ['a | b\n| c |', '`a \\| b \\| c \\|`'],
  ])('is code that nothing in %j ends', (text, shown) => {
    expect(markdownCode(text)).toBe(shown);
  });

  it('is cut where it is long', () => {
    expect(markdownText('x'.repeat(1_000))).toHaveLength(300);
    expect(markdownCode('x'.repeat(2_000))).toHaveLength(1_002);
  });
});
