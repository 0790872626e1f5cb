import { aligning } from './kolen_pollack.js';

export const picture = aligning('kolen_pollack', 'feedback');
