/**
 * Tells how far a long piece of work is.
 *
 * @param task `fetching` or `unpacking`
 * @param done bytes while fetching, files while unpacking
 * @param total how many there are in all; 0 where a server does not say
 */
export type OnProgress = (task: string, done: number, total: number) => void;
