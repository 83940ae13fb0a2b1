import { describe, expect, it } from '@jest/globals';
import { failureOf } from './failure.js';

function failing(code?: unknown): string {
  return failureOf(Object.assign(new Error('text of the server, 10.1.2.3'), { code }));
}

describe('the reason why no answer came', () => {
  it('is a fixed sentence with the code', () => {
    expect(failing('ECONNREFUSED')).toBe('the connection was refused (ECONNREFUSED)');
    expect(failing('EHOSTUNREACH')).toBe('there is no way to the host (EHOSTUNREACH)');
    expect(failing('CERT_SIGNATURE_FAILURE')).toBe("the receiver's certificate cannot be used (CERT_SIGNATURE_FAILURE)");
    expect(failing('UNABLE_TO_VERIFY_LEAF_SIGNATURE')).toMatch(/^the receiver's certificate is from nobody who is trusted here/);
    expect(failing('ERR_SSL_WRONG_VERSION_NUMBER')).toMatch(/^no secure connection could be agreed on/);
    expect(failing('HPE_INVALID_CONSTANT')).toMatch(/^the answer is not HTTP/);
  });

  it('never holds the text of the error, whatever the code', () => {
    for (const code of [undefined, '', 'ENEW', 'with space', 'x'.repeat(100), 'a\nb']) {
      expect(failing(code)).toMatch(/^the request failed(?: \(ENEW\))?$/);
    }
  });
});
