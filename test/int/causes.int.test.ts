/** The promised accuracy, on the shared corpus where it is there, and on the labelled records of other systems. */
import { describe, expect, it } from '@jest/globals';
import { recordSets, scoreAll, scoreOf } from '../../bench/score.js';

const sets = recordSets();
const corpus = sets.get('shared corpus');

describe('the judge', () => {
  (corpus === undefined ? it.skip : it)('is right on 97 % of the shared corpus, and wrong but sure on 1 % at most', () => {
    const score = scoreOf(scoreAll(corpus ?? []));
    expect(score.records).toBeGreaterThan(600);
    expect(score.right).toBeGreaterThanOrEqual(0.97);
    expect(score.wrongButSure).toBeLessThanOrEqual(0.01);
  });

  it.each([...sets].filter(([name]) => name !== 'shared corpus'))(
    'is right on 90 %% of %s, and wrong but sure on 3 %% at most',
    (_, records) => {
      const score = scoreOf(scoreAll(records));
      expect(score.records).toBeGreaterThan(300);
      expect(score.right).toBeGreaterThanOrEqual(0.9);
      expect(score.wrongButSure).toBeLessThanOrEqual(0.03);
    },
  );

  it('finds every cause of the catalogue somewhere', () => {
    const found = new Set(scoreAll([...sets.values()].flat()).flatMap(({ isRight, verdict }) => (isRight ? [verdict.cause] : [])));
    expect(found.size).toBe(24);
  });
});
