// The order of the rooms, from the ground up (docs/architecture.md): a room may import itself and
// rooms listed before it.
const ROOMS = [
  ['grammar', '^grammar/'],
  ['base', '^src/base/'],
  ['language', '^src/language/'],
  ['algebra', '^src/algebra/'],
  ['catalogue', '^src/catalogue/'],
  ['program', '^src/program/'],
  ['engine', '^src/engine/'],
  ['circuits', '^src/circuits/'],
  ['tasks', '^src/tasks/'],
  ['express', '^src/express/'],
  ['runs', '^src/runs/'],
  ['experiments', '^src/experiments/'],
  ['discover', '^src/discover/'],
  ['infer', '^src/infer/'],
  ['report', '^src/report/'],
  ['testing', '^src/testing/'],
  ['bench', '^src/bench/'],
  ['face', '^src/(?:index|compile)[.]ts$'],
  ['cli', '^src/cli/'],
];

const later = ROOMS.slice(0, -1).map(([room, path], index) => ({
  name: `${room}-imports-no-later-room`,
  severity: 'error',
  comment: `${room} may import only itself and: ${
    ROOMS.slice(0, index)
      .map(([name]) => name)
      .join(', ') || 'nothing'
  }`,
  from: { path },
  to: { path: ROOMS.slice(index + 1).map(([, other]) => other) },
}));

export default {
  forbidden: [
    ...later,
    {
      name: 'no-cycle',
      severity: 'error',
      comment: 'Two files that need each other are one file, or three.',
      from: {},
      to: { circular: true },
    },
    {
      name: 'every-file-is-in-a-room',
      severity: 'error',
      comment: 'A new folder needs a place in the list of rooms.',
      from: { path: '^src/', pathNot: ROOMS.map(([, path]) => path) },
      to: {},
    },
    {
      name: 'nothing-from-outside-the-house',
      severity: 'error',
      comment: 'What is published stands without tests, benches and scripts.',
      from: {},
      to: { path: '^(?:test|bench|scripts|playground)/' },
    },
    {
      name: 'no-development-dependency',
      severity: 'error',
      comment: 'A user has only the dependencies; types may come from anywhere.',
      from: { path: '^(?:grammar|src)/' },
      to: {
        dependencyTypes: ['npm-dev'],
        dependencyTypesNot: ['type-only', 'npm', 'npm-peer'],
        pathNot: '@types/',
      },
    },
    {
      name: 'no-missing-module',
      severity: 'error',
      comment: 'An import that leads nowhere.',
      from: {},
      to: { couldNotResolve: true, pathNot: '^@tensorflow/tfjs-node$' },
    },
  ],
  options: {
    doNotFollow: { path: 'node_modules' },
    exclude: { path: '[.]generated[.]' },
    tsPreCompilationDeps: true,
    tsConfig: { fileName: 'tsconfig.json' },
    enhancedResolveOptions: {
      exportsFields: ['exports'],
      conditionNames: ['import', 'node', 'default', 'types'],
    },
  },
};
