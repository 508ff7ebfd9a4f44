/**
 * Reports the progress of a long task.
 *
 * @param task `fetching` or `unpacking`
 * @param done bytes while fetching, files while unpacking
 * @param total the total of bytes or files; 0 if the server does not say
 */
export type OnProgress = (task: string, done: number, total: number) => void;
