import { cpus } from 'node:os';
import { median, type Outcome, type Outcomes } from './measure.js';
import type { PeerConfig } from './peers.js';
import type { Growth, Job } from './tasks.js';

/** A job, and its outcome for each library. */
export interface Measured {
  job: Job;
  outcomes: Outcomes;
}

/** All results of a run of the bench. */
export interface Results {
  date: Date;
  quick: boolean;
  peers: readonly PeerConfig[];
  versions: Record<string, string>;
  /** Libraries that did not start, and the reasons. */
  missing: { label: string; reason: string }[];
  /** The library whose results were the reference. */
  judge: string;
  jobs: Measured[];
  nets: Measured[];
  products: Measured[];
  convolutions: Measured[];
  growths: { growth: Growth; measured: Measured[] }[];
}

/** The processor, its cores and Node. */
export function machine(): string {
  const processors = cpus();
  return `${processors[0]?.model.trim() ?? 'unknown processor'}, ${processors.length} cores, Node ${process.versions.node}`;
}

/** The shortest time of PyTorch's settings. Undefined if there is none. */
export function bestOfPyTorch(outcomes: Outcomes): number | undefined {
  return bestSetting(outcomes)?.seconds;
}

/**
 * The speed relative to the best setting of PyTorch: the median of the ratios of the rounds, because within a round
 * the machine is equally busy for both. For a library that is too slow for rounds, it is the ratio of the times.
 */
export function ratio(outcomes: Outcomes, peer: PeerConfig): number | undefined {
  const best = bestSetting(outcomes);
  const own = outcomes.get(peer.id);
  if (best?.seconds === undefined || own?.seconds === undefined) return undefined;
  const rounds = (own.rounds ?? []).flatMap((seconds, i) => (best.rounds?.[i] ? [best.rounds[i] / seconds] : []));
  return rounds.length > 0 ? median(rounds) : best.seconds / own.seconds;
}

function bestSetting(outcomes: Outcomes): Outcome | undefined {
  const settings = [...outcomes].flatMap(([id, outcome]) =>
    id.startsWith('pytorch') && outcome.seconds ? [outcome] : [],
  );
  return settings.sort((a, b) => (a.seconds ?? 0) - (b.seconds ?? 0))[0];
}

/** All numbers as plain JSON. */
export function toJson(results: Results): object {
  const figures = ({ job, outcomes }: Measured) => ({ ...job, outcomes: Object.fromEntries<Outcome>(outcomes) });
  const { peers, jobs, nets, products, convolutions, growths, ...rest } = results;
  return {
    ...rest,
    machine: machine(),
    peers: peers.map(({ id, label, env }) => ({ id, label, env })),
    jobs: jobs.map(figures),
    nets: nets.map(figures),
    products: products.map(figures),
    convolutions: convolutions.map(figures),
    growths: growths.map(({ growth, measured }) => ({ axis: growth.axis, jobs: measured.map(figures) })),
  };
}
