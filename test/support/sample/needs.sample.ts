import { describe, expect, it } from 'vitest';
import { describeWith, testWith } from '../requirements.js';

describeWith('tex', 'with TeX', () => {
  it('fails', () => expect(1).toBe(2));
  describe('inside', () => {
    it('fails too', () => expect(1).toBe(2));
  });
});
testWith('tex', 'alone', () => expect(1).toBe(2));
it('needs nothing', () => {});
it.skip('is skipped for another reason', () => {});
