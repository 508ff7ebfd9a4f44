/** Memory reserved for each job. A job takes 350 to 700 MB, depending on its net. */
const BYTES_PER_JOB = 2 ** 30;

/**
 * How many jobs run side by side, and on how many threads each. More jobs come before more threads: for small nets
 * and large ones, two runs with one thread each were measured to take 0.6 to 0.75 of the time of one after the other
 * with two threads.
 *
 * @param count the number of jobs in all
 * @param wanted the user's choice. Default: one job per core, as far as there is memory, and the remaining cores as
 * threads
 */
export function parallelism(
  count: number,
  machine: { cores: number; memory: number },
  wanted: { jobs?: number; threads?: number },
): { jobs: number; threads: number } {
  const fitting = Math.max(1, Math.floor(machine.memory / BYTES_PER_JOB));
  const jobs = Math.max(1, Math.min(wanted.jobs ?? Math.min(machine.cores, fitting), count));
  return { jobs, threads: wanted.threads ?? Math.max(1, Math.floor(machine.cores / jobs)) };
}
