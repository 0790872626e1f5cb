import { it } from 'vitest';

it('is never reached', () => {});
throw new Error('a file that breaks before its tests run');
