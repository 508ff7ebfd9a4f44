import { cpSync, existsSync, mkdtempSync, readdirSync, readFileSync, rmSync, statSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { type Zippable, zipSync } from 'fflate';
import { readHidden } from '../hidden-cases.js';
import { LIBRARY } from '../library.js';
import { writeOutput } from '../output-file.js';
import { readRubric } from '../rubric.js';
import { assertPossible } from '../self-test.js';

/** The folder into which Gradescope unpacks the zip. */
const SOURCE = '/autograder/source';

/** Sets up the machine once: installs Node, the library and its dependencies. */
const SETUP = `#!/usr/bin/env bash
set -e
apt-get update
apt-get install -y ca-certificates curl bubblewrap util-linux
if ! command -v node >/dev/null || [ "$(node -p 'process.versions.node.split(".")[0]')" -lt 20 ]; then
  curl -fsSL https://deb.nodesource.com/setup_22.x | bash -
  apt-get install -y nodejs
fi
cd ${SOURCE}
npm install --ignore-scripts --omit=dev --omit=optional --no-audit --no-fund
chmod 700 ${SOURCE} # nobody else may read the rubric, hidden cases and solutions
`;

/** Grades a submission. It writes a results file first, in case anything goes wrong. */
const RUN = `#!/usr/bin/env bash
out=/autograder/results/results.json
mkdir -p /autograder/results
echo '{ "score": 0, "output": "The grader did not finish. Tell your teacher." }' > "$out"
cd ${SOURCE}
submitted=$(node -p 'new Date(JSON.parse(fs.readFileSync("/autograder/submission_metadata.json", "utf8")).created_at).toISOString()' 2>/dev/null)
hidden=()
[ -d hidden ] && hidden=(--hidden hidden)
npx --no-install handgrad grade /autograder/submission --rubric rubric.json "\${hidden[@]}" \\
  --submitted-at "\${submitted:-$(date -u +%Y-%m-%dT%H:%M:%SZ)}" --format gradescope --out "$out"
exit 0
`;

/** The options of `writeGradescopeZip`. */
export interface ZipOptions {
  rubric: string;
  hidden?: string;
  out: string;
  version: string;
  /** A version of the published library. Default: this library is packed into the zip. */
  library?: string;
}

/**
 * Writes the zip for Gradescope's "Configure Autograder", with `setup.sh` and `run_autograder` at its root.
 *
 * @returns the names of the files in it
 * @throws InputError for an invalid rubric or hidden case
 */
export async function writeGradescopeZip({ rubric, hidden, out, version, library }: ZipOptions): Promise<string[]> {
  const { files } = readRubric(rubric);
  if (hidden !== undefined) await assertPossible({ files, hidden: readHidden(hidden, files) });
  const zip: Zippable = {
    'setup.sh': executable(SETUP),
    run_autograder: executable(RUN),
    'rubric.json': readFileSync(rubric),
    'package.json': Buffer.from(packageOf(library ?? 'file:./handgrad')),
  };
  if (hidden !== undefined) {
    for (const name of readdirSync(hidden).filter((it) => it.endsWith('.json'))) {
      zip[`hidden/${name}`] = readFileSync(join(hidden, name));
    }
  }
  if (library === undefined) addFolder(zip, packed(version), 'handgrad');
  writeOutput('--out', out, zipSync(zip, { level: 9, mtime: new Date(1980, 0, 2) }));
  return Object.keys(zip);
}

/** Unix permissions rwxr-xr-x, stored in the upper half of the attributes. */
function executable(text: string): [Uint8Array, { os: number; attrs: number }] {
  return [Buffer.from(text), { os: 3, attrs: 0o100755 * 2 ** 16 }];
}

function packageOf(handgrad: string): string {
  return `${JSON.stringify({ private: true, type: 'module', dependencies: { handgrad } }, null, 2)}\n`;
}

/** The library's files as they are published, in a temporary folder. */
function packed(version: string): string {
  const folder = mkdtempSync(join(tmpdir(), 'handgrad-pack-'));
  process.on('exit', () => rmSync(folder, { recursive: true, force: true }));
  for (const part of ['lib', 'src', 'LICENSE', 'README.md']) {
    if (!existsSync(join(LIBRARY, part))) continue;
    cpSync(join(LIBRARY, part), join(folder, part), {
      recursive: true,
      filter: (path) => !/\.(map|tsbuildinfo)$/.test(path),
    });
  }
  const manifest = JSON.parse(readFileSync(join(LIBRARY, 'package.json'), 'utf8'));
  for (const part of ['scripts', 'devDependencies', 'optionalDependencies']) delete manifest[part];
  writeFileSync(join(folder, 'package.json'), JSON.stringify({ ...manifest, version }, null, 2));
  return folder;
}

function addFolder(zip: Zippable, folder: string, prefix: string): void {
  for (const name of readdirSync(folder)) {
    const [path, inside] = [join(folder, name), `${prefix}/${name}`];
    if (statSync(path).isDirectory()) addFolder(zip, path, inside);
    else zip[inside] = readFileSync(path);
  }
}
