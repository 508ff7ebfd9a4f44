/**
 * Writes the API reports: every name that `handgrad`, `handgrad/node` and `handgrad/validation` export, with its signature. They are kept in the
 * repository so that a change of the public API shows up in a diff. With --check, compares them instead, and exits with 1
 * when one is out of date.
 */
import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { Extractor, ExtractorConfig } from '@microsoft/api-extractor';

const root = fileURLToPath(new URL('../..', import.meta.url));
const reports = {
  index: 'handgrad',
  node: 'handgrad-node',
  autodiff: 'handgrad-autodiff',
  validation: 'handgrad-validation',
  weights: 'handgrad-weights',
};
const check = process.argv.includes('--check');
const scratch = mkdtempSync(join(tmpdir(), 'handgrad-api-'));

/** Writes or compares one report; true if the committed one was up to date. */
function upToDate([entry, name]) {
  const config = ExtractorConfig.prepare({
    configObject: {
      projectFolder: root,
      mainEntryPointFilePath: join(root, `lib/${entry}.d.ts`),
      compiler: { tsconfigFilePath: join(root, 'tsconfig.json') },
      apiReport: {
        enabled: true,
        reportFileName: `${name}.api.md`,
        reportFolder: join(root, 'test/api'),
        reportTempFolder: scratch,
      },
      docModel: { enabled: false },
      dtsRollup: { enabled: false },
      tsdocMetadata: { enabled: false },
      newlineKind: 'lf',
      messages: {
        compilerMessageReporting: { default: { logLevel: 'error' } },
        extractorMessageReporting: {
          default: { logLevel: 'none' },
          'ae-forgotten-export': { logLevel: 'none', addToApiReportFile: false },
        },
        tsdocMessageReporting: { default: { logLevel: 'none' } },
      },
    },
    configObjectFullPath: join(root, 'test/api/report.json'),
    packageJsonFullPath: join(root, 'package.json'),
  });
  const { apiReportChanged } = Extractor.invoke(config, {
    localBuild: !check,
    messageCallback: (message) => {
      message.handled = message.logLevel !== 'error';
    },
  });
  if (apiReportChanged) console.log(`test/api/${name}.api.md ${check ? 'is out of date: run npm run api' : 'written'}`);
  return !apiReportChanged;
}

const current = Object.entries(reports).map(upToDate);
rmSync(scratch, { recursive: true });
if (check && current.includes(false)) process.exitCode = 1;
