/** Reward less what is usual: a column of products beside the signals. */
export const SURPRISE = 'surprise';
