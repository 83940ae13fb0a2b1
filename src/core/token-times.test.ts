import { describe, expect, it } from '@jest/globals';
import { epochSeconds, timesInText } from './token-times.js';

const AT = Date.UTC(2026, 10, 24, 12, 0, 0);
const HOUR_AGO = AT / 1000 - 3_600;

describe('timesInText', () => {
  it.each([
    ['TokenExpiredError: jwt expired { expiredAt: 2026-11-24T11:00:00.000Z }', HOUR_AGO],
    ['{"name":"TokenExpiredError","message":"jwt expired","expiredAt":"2026-11-24T11:00:00.000Z"}', HOUR_AGO],
    ['JWT expired at 2026-11-24T11:00:00Z. Current time: 2026-11-24T12:00:00Z, a difference of 3600000 milliseconds.', HOUR_AGO],
    ['Jwt expired at 2026-11-24T11:00:00Z', HOUR_AGO],
    [
      "IDX10223: Lifetime validation failed. The token is expired. ValidTo (UTC): '11/24/2026 11:00:00 AM', Current time (UTC): '…'",
      HOUR_AGO,
    ],
    ['token has invalid claims: token is expired by 1h0m0s', HOUR_AGO],
    ['token is expired by 2m3.5s', AT / 1000 - 123],
  ])('%s', (text, expiresAt) => {
    expect(timesInText(text, AT)).toEqual({ expiresAt });
  });

  it('reads from when on a token is valid', () => {
    expect(timesInText('JWT must not be accepted before 2026-11-24T13:00:00Z', AT)).toEqual({ notBefore: AT / 1000 + 3_600 });
  });

  it('finds nothing where nothing is told, whatever the text', () => {
    expect(timesInText('jwt expired', AT)).toEqual({});
    expect(timesInText('started at 2026-11-24T11:00:00Z', AT)).toEqual({});
    expect(timesInText(`expired ${'not valid '.repeat(10_000)}`, AT)).toEqual({});
  });
});

describe('epochSeconds', () => {
  it('takes milliseconds for what they are', () => {
    expect(epochSeconds(1_790_000_000)).toBe(1_790_000_000);
    expect(epochSeconds(1_790_000_000_000)).toBe(1_790_000_000);
    expect(epochSeconds(undefined)).toBeUndefined();
  });
});
