/** The ten terms of Shervani-Tabar & Rosenbaum (2023), Eqs 14–23, in their order and with their signs. */
export const TEN_TERMS = [
  '-post.error * pre',
  '-post * pre.error',
  '-post.error * pre.error',
  '-w',
  '-pre.error',
  '-post.error * sum_all(post) * pre',
  '-post * sum_all(post * w * pre.error) * pre.error',
  '-post.error * sum_all(post * w * pre.error) * pre',
  '-post * sum_all(post.error * w * pre) * pre.error',
  'post * (pre - sum_post(post * w))',
] as const;

/** Names of their coefficients. */
export const TEN_NAMES = TEN_TERMS.map((_, k) => `F${k}`);

/** The sum of all ten, each times its coefficient. */
export const TEN_TERM_UPDATE = TEN_TERMS.map((term, k) => `${TEN_NAMES[k]} * (${term})`).join(
  ' + ',
);
