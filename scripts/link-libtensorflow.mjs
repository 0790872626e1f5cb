// Builds @tensorflow/tfjs-node against a libtensorflow that is already on this machine, for places
// where its own installer cannot download one (Linux).
//
//   node scripts/link-libtensorflow.mjs FOLDER
//
// FOLDER holds libtensorflow_cc.so.2, libtensorflow_framework.so.2 and include/tensorflow/: what
// the Python package tensorflow-cpu (2.12 or newer) unpacks as tensorflow/. docs/tensorflow.md has
// the whole recipe. Needs a C++ compiler, make and python3; the libraries are linked, not copied.
import { spawnSync } from 'node:child_process';
import { existsSync, mkdirSync, readFileSync, rmSync, symlinkSync } from 'node:fs';
import path from 'node:path';
import { fileURLToPath } from 'node:url';

const root = path.resolve(path.dirname(fileURLToPath(import.meta.url)), '..');
const addon = path.join(root, 'node_modules', '@tensorflow', 'tfjs-node');
const CORE = 'libtensorflow_cc.so.2';
const FRAMEWORK = 'libtensorflow_framework.so.2';
const HEADER = path.join('include', 'tensorflow', 'c', 'eager', 'c_api.h');

function giveUp(message) {
  console.error(message);
  process.exit(1);
}

function findLibrary(folder) {
  const needed = [CORE, FRAMEWORK, HEADER];
  const holds = (place) => needed.every((name) => existsSync(path.join(place, name)));
  const found = [folder, path.join(folder, 'tensorflow')].find(holds);
  return found ?? giveUp(`${folder} holds no TensorFlow: expected ${needed.join(', ')}`);
}

/** Installed without its install script, which would try to download the library. */
function installAddon() {
  if (existsSync(path.join(addon, 'package.json'))) return;
  const { peerDependencies } = JSON.parse(readFileSync(path.join(root, 'package.json'), 'utf8'));
  const wanted = `@tensorflow/tfjs-node@${peerDependencies['@tensorflow/tfjs-node']}`;
  // As a development dependency: npm leaves out what is only an optional peer.
  npm('install', '--no-save', '--save-dev', '--ignore-scripts', '--no-audit', '--no-fund', wanted);
}

function stage(library) {
  const deps = path.join(addon, 'deps');
  rmSync(deps, { recursive: true, force: true });
  mkdirSync(path.join(deps, 'lib'), { recursive: true });
  symlinkSync(path.join(library, 'include'), path.join(deps, 'include'));
  const links = {
    [CORE]: CORE,
    [FRAMEWORK]: FRAMEWORK,
    'libtensorflow.so': CORE,
    // Its installer takes this name for a finished download, whatever the library's own version.
    'libtensorflow.so.2.9.1': CORE,
    'libtensorflow_framework.so': FRAMEWORK,
  };
  for (const [name, target] of Object.entries(links)) {
    symlinkSync(path.join(library, target), path.join(deps, 'lib', name));
  }
}

function npm(...args) {
  const env = { ...process.env, npm_config_build_from_source: 'true' };
  // Node's own headers, where they came with it: otherwise node-gyp would download them.
  const prefix = path.resolve(process.execPath, '..', '..');
  if (existsSync(path.join(prefix, 'include', 'node', 'node_api.h'))) {
    env.npm_config_nodedir = prefix;
  }
  run('npm', args, env);
}

function run(program, args, env = process.env) {
  const { status } = spawnSync(program, args, { cwd: root, env, stdio: 'inherit' });
  if (status !== 0) giveUp(`${program} ${args.join(' ')} failed`);
}

if (process.platform !== 'linux') giveUp('This script knows only Linux.');
const folder = process.argv[2] ?? giveUp('Usage: node scripts/link-libtensorflow.mjs FOLDER');
const library = findLibrary(path.resolve(folder));
installAddon();
stage(library);
npm('rebuild', '--foreground-scripts', '@tensorflow/tfjs-node');
run(process.execPath, [path.join(root, 'scripts', 'multiply-with-tensorflow.mjs')]);
