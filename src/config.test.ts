import { describe, expect, it } from '@jest/globals';
import { mkdtempSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { ConfigError, readConfig } from './config.js';

function problems(environment: Record<string, string>): string[] {
  try {
    readConfig(environment);
  } catch (error) {
    if (error instanceof ConfigError) return error.problems;
    throw error;
  }
  return [];
}

describe('readConfig', () => {
  it('has defaults for everything', () => {
    expect(readConfig({})).toMatchObject({
      host: '127.0.0.1',
      port: 4010,
      otlpHttpPort: 4318,
      otlpGrpcPort: 4317,
      hashKey: undefined,
      databaseUrl: undefined,
      redisUrl: undefined,
      roles: ['ingest', 'worker', 'api', 'alerts'],
      logLevel: 'info',
    });
  });

  it('reads any setting from a file, and refuses two sources of one', () => {
    const file = join(mkdtempSync(join(tmpdir(), 'why401-config-')), 'url');
    writeFileSync(file, 'postgres://a:b@c/d\n');
    expect(readConfig({ DATABASE_URL_FILE: file }).databaseUrl).toBe('postgres://a:b@c/d');
    expect(problems({ DATABASE_URL_FILE: file, DATABASE_URL: 'postgres://x/y' })).toEqual([expect.stringContaining('given twice')]);
    expect(problems({ DATABASE_URL_FILE: '/nowhere' })).toEqual([expect.stringContaining('/nowhere')]);
  });

  it('takes a number of signatures within reason', () => {
    expect(readConfig({ WHY401_MAX_SIGNATURES: '500' }).maxSignatures).toBe(500);
    for (const wrong of ['99', '1000001', '1e4', '-5', 'many']) expect(problems({ WHY401_MAX_SIGNATURES: wrong })).toHaveLength(1);
  });

  it('takes one Redis, or nodes of a cluster', () => {
    expect(readConfig({ REDIS_URL: 'redis://a:1, rediss://b:2' }).redisUrl).toBe('redis://a:1,rediss://b:2');
    expect(readConfig({ REDIS_URL: 'redis://a:1' }).redisUrl).toBe('redis://a:1');
    for (const wrong of ['redis://a:1,', ',redis://a:1', 'redis://a:1,http://b']) expect(problems({ REDIS_URL: wrong })).toHaveLength(1);
  });

  it('takes an empty value for "not set"', () => {
    expect(readConfig({ WHY401_PORT: '', DATABASE_URL: '' })).toMatchObject({ port: 4010, databaseUrl: undefined });
  });

  it('lists every problem at once and repeats no secret', () => {
    const found = problems({
      WHY401_PORT: '70000',
      WHY401_OTLP_HTTP_PORT: '-1',
      WHY401_ROLES: '',
      WHY401_COLOUR: 'x',
      DATABASE_URL: 'mysql://root:hunter2@x',
      WHY401_LOG_LEVEL: 'loud',
      WHY401_AUTH: 'never',
    });
    expect(found.map((problem) => problem.split(':')[0]).sort()).toEqual([
      'DATABASE_URL',
      'WHY401_AUTH',
      'WHY401_COLOUR',
      'WHY401_LOG_LEVEL',
      'WHY401_OTLP_HTTP_PORT',
      'WHY401_PORT',
    ]);
    expect(found.join()).not.toContain('hunter2');
  });

  it('takes a key of pseudonyms that is long enough, and repeats none', () => {
    const key = 'sixteen letters!';
    expect(readConfig({ WHY401_HASH_KEY: key }).hashKey).toBe(key);
    expect(() => readConfig({ WHY401_HASH_KEY: key.slice(1) })).toThrow(/WHY401_HASH_KEY: is shorter than 16 characters(?![^]*ixteen)/);
  });

  it('takes where traces are found, as an address with a place for the id', () => {
    const template = 'https://jaeger.example.com/trace/{trace_id}';
    expect(readConfig({ WHY401_TRACE_URL: template }).traceUrl).toBe(template);
    expect(readConfig({}).traceUrl).toBeUndefined();
    for (const wrong of ['https://jaeger.example.com/trace/', 'javascript:alert("{trace_id}")', '/trace/{trace_id}', 'https://{trace_id'])
      expect(problems({ WHY401_TRACE_URL: wrong })).toEqual([
        expect.stringMatching(/WHY401_TRACE_URL: is no http or https URL with {trace_id}/),
      ]);
  });
});
