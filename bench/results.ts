import { cpus } from 'node:os';
import { median, type Outcome, type Outcomes } from './measure.js';
import type { PeerConfig } from './peers.js';
import type { Growth, Job } from './tasks.js';

/** A job with what became of it in each peer's hands. */
export interface Measured {
  job: Job;
  outcomes: Outcomes;
}

/** Everything that a run of the bench found out. */
export interface Results {
  date: Date;
  quick: boolean;
  peers: readonly PeerConfig[];
  versions: Record<string, string>;
  /** Peers that did not start, and why. */
  missing: { label: string; reason: string }[];
  /** Who the answers were compared with. */
  judge: string;
  jobs: Measured[];
  products: Measured[];
  growths: { growth: Growth; measured: Measured[] }[];
}

/** The processor, its cores and Node. */
export function machine(): string {
  const processors = cpus();
  return `${processors[0]?.model.trim() ?? 'unknown processor'}, ${processors.length} cores, Node ${process.versions.node}`;
}

/** The shortest time that PyTorch took, over its settings; undefined where it has none. */
export function bestOfPyTorch(outcomes: Outcomes): number | undefined {
  return bestSetting(outcomes)?.seconds;
}

/**
 * How many times as fast as PyTorch at its best: the median of the rounds' ratios, for within a round both meet the same
 * machine, which may be busy or not; for a peer too slow for rounds, the ratio of the times.
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

/** All figures as plain JSON. */
export function toJson(results: Results): object {
  const figures = ({ job, outcomes }: Measured) => ({ ...job, outcomes: Object.fromEntries<Outcome>(outcomes) });
  const { peers, jobs, products, growths, ...rest } = results;
  return {
    ...rest,
    machine: machine(),
    peers: peers.map(({ id, label, env }) => ({ id, label, env })),
    jobs: jobs.map(figures),
    products: products.map(figures),
    growths: growths.map(({ growth, measured }) => ({ axis: growth.axis, jobs: measured.map(figures) })),
  };
}
