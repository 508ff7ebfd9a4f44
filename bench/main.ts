import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { Child } from './child.js';
import { writeData } from './data.js';
import { convolutionGrowths, convolutionJobs, netJobs } from './image-jobs.js';
import { installPeers } from './install.js';
import { measure, type Plan, type Player } from './measure.js';
import { HELP, type Options, readOptions, UsageError } from './options.js';
import { JUDGES, type PeerConfig } from './peers.js';
import { Progress } from './progress.js';
import { markdown } from './report.js';
import type { Measured, Results } from './results.js';
import { growths, JOBS, type Job, PRODUCTS } from './tasks.js';
import { writeResults } from './write.js';

/** Compares handgrad with other libraries. `npm run bench -- --help` explains the options. */

const PLANS: Record<'quick' | 'full', { jobs: Plan; others: Plan }> = {
  quick: {
    jobs: { rounds: 9, longRounds: 0, seconds: 0.12, warmUp: 1 },
    others: { rounds: 3, longRounds: 0, seconds: 0.15, warmUp: 0.2 },
  },
  full: {
    jobs: { rounds: 7, longRounds: 2, seconds: 0.8, warmUp: 1.5 },
    others: { rounds: 5, longRounds: 1, seconds: 0.5, warmUp: 0.5 },
  },
};

/** The processes and files of a run, which are removed at its end. */
class Session {
  readonly folder = mkdtempSync(join(tmpdir(), 'handgrad-bench-'));
  readonly players: Player[] = [];
  readonly missing: Results['missing'] = [];
  private judge: Player | undefined;

  constructor(private readonly progress: Progress) {}

  /** Starts libraries to be measured. Those that do not start are `missing`. */
  async start(configs: readonly PeerConfig[]): Promise<void> {
    for (const config of configs) {
      const started = await this.tryToStart(config);
      if ('child' in started) this.players.push(started);
      else {
        this.missing.push({ label: config.label, reason: started.reason });
        this.progress.tell(`${config.label} is skipped: ${started.reason}`);
      }
    }
  }

  /** Starts the first library that starts, to judge the others. */
  async startFirst(configs: readonly PeerConfig[]): Promise<Player | undefined> {
    for (const config of configs) {
      const started = await this.tryToStart(config);
      if ('child' in started) {
        this.judge = started;
        return started;
      }
    }
    return undefined;
  }

  end(): void {
    for (const { child } of this.players) child.stop();
    this.judge?.child.stop();
    rmSync(this.folder, { recursive: true, force: true });
  }

  private async tryToStart(config: PeerConfig): Promise<Player | { reason: string }> {
    this.progress.say(`starting ${config.label}`);
    try {
      return { config, child: await Child.start(config, this.folder) };
    } catch (error) {
      return { reason: error instanceof Error ? error.message : String(error) };
    }
  }
}

async function bench(options: Options, session: Session, progress: Progress): Promise<Results> {
  const { quick, only } = options;
  const isChosen = ({ id }: Job) => only.some((group) => id.startsWith(group));
  const jobs = JOBS.filter((job) => isChosen(job) && !(job.long && quick));
  const nets = netJobs(quick).filter(isChosen);
  const products = only.includes('products') ? PRODUCTS : [];
  const convolutions = only.includes('convolutions') ? convolutionJobs(quick) : [];
  const curves = [
    ...(only.includes('growth') ? growths(quick) : []),
    ...(only.includes('convolution-growth') ? convolutionGrowths(quick) : []),
  ];
  const points = curves.flatMap((growth) => growth.points.map(({ job }) => job));
  progress.tell('drawing the data');
  writeData(session.folder, [...jobs, ...nets, ...products, ...convolutions, ...points]);

  await session.start(options.peers);
  const { players } = session;
  const judge = await judgeOf(session);
  const run = async (list: readonly Job[], who: readonly Player[], plan: Plan): Promise<Measured[]> => {
    const measured: Measured[] = [];
    for (const job of list) {
      const outcomes = await measure(job, who, judge, plan, progress);
      measured.push({ job, outcomes });
      const timed = [...outcomes.values()].filter(({ seconds }) => seconds !== undefined).length;
      progress.tell(`${job.title}: measured ${timed} of ${who.length}`);
    }
    return measured;
  };
  const plan = PLANS[quick ? 'quick' : 'full'];
  const results: Results = {
    date: new Date(),
    quick,
    peers: players.map(({ config }) => config),
    versions: Object.assign({}, ...players.map(({ child }) => child.versions)),
    missing: session.missing,
    judge: judge.config.label,
    jobs: await run(jobs, players, plan.jobs),
    nets: await run(nets, players, plan.jobs),
    products: await run(products, players, plan.others),
    convolutions: await run(convolutions, players, plan.others),
    growths: [],
  };
  const growing = players.filter(({ config }) => config.grows);
  for (const growth of curves) {
    const list = growth.points.map(({ job }) => job);
    results.growths.push({ growth, measured: await run(list, growing, plan.others) });
  }
  return results;
}

/** The library whose results are the reference. */
async function judgeOf(session: Session): Promise<Player> {
  const judge = await session.startFirst(JUDGES);
  if (judge === undefined)
    throw new Error('neither PyTorch nor the reference starts, so there is nothing to compare with');
  return judge;
}

try {
  const options = readOptions(process.argv.slice(2), fileURLToPath(new URL('../runs/bench', import.meta.url)));
  if (options === undefined) {
    process.stdout.write(HELP);
  } else {
    installPeers();
    const progress = new Progress();
    const session = new Session(progress);
    for (const signal of ['SIGINT', 'SIGTERM'] as const) process.once(signal, () => process.exit(130));
    process.once('exit', () => session.end());
    const results = await bench(options, session, progress);
    const written = await writeResults(results, options.out, options.json);
    process.stdout.write(`${markdown(results)}\n`);
    progress.tell(`wrote ${written.join(', ')}`);
    process.exit(0); // the pipes of the processes are still open
  }
} catch (error) {
  process.stderr.write(`bench: ${error instanceof Error ? error.message : String(error)}\n`);
  process.exit(error instanceof UsageError ? 2 : 1);
}
